/** For tests that are about something else than reading: what was read, or an end that says why it could not be. */
type Result<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: unknown };

export function mustRead<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`cannot be read: ${JSON.stringify(result.error)}`);
  return result.value;
}
