/** As many of the things that are wrong as an alarm tells. */
export const TOLD = 20
