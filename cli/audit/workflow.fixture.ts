import type { EndState } from '../../contracts/enrollment.js'

/** A child whose season is already over. */
export const enrollment = async (end: EndState): Promise<EndState> => end
