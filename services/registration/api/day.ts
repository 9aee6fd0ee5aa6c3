/** The calendar day of an instant (epoch ms) in a timezone, `YYYY-MM-DD`. */
export const dayIn = (timezone: string, at: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
