/** Joins the class names that apply. @module */
export function names(...each: readonly (string | false | undefined)[]): string {
  return each.filter(Boolean).join(' ');
}
