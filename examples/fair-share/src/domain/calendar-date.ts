/** Dates are plain ISO days without a time zone: a dinner happened on the day it says on the bill. */
const isoDay = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for a day that exists in the calendar: 2026-02-30 does not. */
export function isCalendarDate(text: string): boolean {
  const match = isoDay.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1900 || month < 1 || month > 12) return false;
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
