/** What is wrong with a capture file: where, what was expected there, and what was found. Never thrown. @module */

export interface CaptureError {
  /**
   * not-a-capture: some other kind of file. unsupported: sound, but of a kind that is not read here.
   * damaged: the bytes contradict themselves. cut: the file ends too early.
   */
  readonly kind: 'not-a-capture' | 'unsupported' | 'damaged' | 'cut';
  /** Which part of the file: "file header: magic number", "packet 12: captured length". */
  readonly path: string;
  /** Offset of that part from the start of the file. */
  readonly at: number;
  readonly expected: string;
  readonly received: string;
}

export type Opened<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: CaptureError };

const OPENING: Readonly<Record<CaptureError['kind'], string>> = {
  'not-a-capture': 'not a capture file',
  unsupported: 'not supported',
  damaged: 'damaged',
  cut: 'cut short',
};

/** One line for people. */
export function describe(error: CaptureError): string {
  const { kind, path, at, expected, received } = error;
  return `${OPENING[kind]} at byte ${at}, ${path}: expected ${expected}, received ${received}`;
}

export function failed(error: CaptureError): { readonly ok: false; readonly error: CaptureError } {
  return { ok: false, error };
}
