/** What date it is in the simulated world, for protocols that say so. @module */

/** The world begins at 2024-01-01 00:00:00 UTC, in seconds of Unix time. */
const BEGAN = 1_704_067_200;
const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Seconds of Unix time, `now` being microseconds since the world began. */
export function unixTime(now: number): number {
  return BEGAN + Math.floor(now / 1_000_000);
}

/** "Mon, 01 Jan 2024 00:00:00 GMT", as HTTP writes it (RFC 9110 §5.6.7). */
export function httpDate(now: number): string {
  const time = unixTime(now);
  const days = Math.floor(time / 86_400);
  const { year, month, day } = civil(days);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor(time / 3600) % 24, Math.floor(time / 60) % 60, time % 60].map(two).join(':');
  return `${DAYS[days % 7]}, ${two(day)} ${MONTHS[month]} ${year} ${clock} GMT`;
}

/** Days since 1970 as a date of the Gregorian calendar; `month` counts from 0. */
function civil(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  let year = 1970;
  let left = days;
  while (left >= lengthOfYear(year)) left -= lengthOfYear(year++);
  let month = 0;
  while (left >= lengthOfMonth(year, month)) left -= lengthOfMonth(year, month++);
  return { year, month, day: left + 1 };
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function lengthOfYear(year: number): number {
  return isLeap(year) ? 366 : 365;
}

function lengthOfMonth(year: number, month: number): number {
  if (month === 1) return isLeap(year) ? 29 : 28;
  return [3, 5, 8, 10].includes(month) ? 30 : 31;
}
