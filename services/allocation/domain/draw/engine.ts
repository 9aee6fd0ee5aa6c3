import type { Implementation } from '../../../../contracts/draw.js'

/** What decides here; the version changes whenever a result could. */
export const ENGINE: Implementation = { name: 'ruxue', version: '1' }
