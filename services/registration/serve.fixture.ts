import { createVerifier, readTokenKeys } from '../../platform/auth.js'
import { systemClock } from '../../platform/clock.js'
import { baseConfig, parseConfig } from '../../platform/config.js'
import { createHttpServer } from '../../platform/http/index.js'
import { createKafka, createProducer } from '../../platform/kafka/index.js'
import { createLog } from '../../platform/log.js'
import { createRegistration } from './service.js'

/** Serves registration's endpoints in a process of its own that tests may kill; its address is the first line. */
const config = parseConfig(baseConfig)
const log = createLog({ name: 'registration', level: 'error' })
const kafka = createKafka({ brokers: config.kafkaBrokers, topicPrefix: config.topicPrefix, clientId: 'test' }, log)
const producer = createProducer(kafka, config.topicPrefix)
const { endpoints } = createRegistration({ config, kafka, producer, log, clock: systemClock })
const verifier = await createVerifier(await readTokenKeys(config.tokenKeys))
const server = createHttpServer({ name: 'registration', endpoints, verifier, log, clock: systemClock, config })
process.stdout.write(`${await server.listen(0)}\n`)
