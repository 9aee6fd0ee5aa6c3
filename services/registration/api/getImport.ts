import { registrationEndpoints } from '../../../contracts/http/registration.js'
import { implement, type Mounted } from '../../../platform/http/index.js'
import { problem } from '../../../platform/problem.js'
import { readProgress } from '../store/imports.js'
import type { Deps } from './deps.js'
import { progressView } from './views.js'

/** `GET /seasons/:season/imports/:import` */
export const getImport = ({ database }: Deps): Mounted =>
  implement(registrationEndpoints.getImport, {
    async handle({ params }) {
      const progress = await readProgress(database, params)
      if (!progress) throw problem('not-found', `There is no import ${params.import}`)
      return progressView(params.import, progress)
    },
  })
