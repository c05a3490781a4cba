/** A dialog that may be asked for before it is there: parts of the page are fetched while the reader looks around. @module */
import { useState } from 'react';

/** Given to the `<dialog>` as its ref. */
export class WaitingDialog {
  private element: HTMLDialogElement | null = null;
  private wanted = false;

  get current(): HTMLDialogElement | null {
    return this.element;
  }

  set current(element: HTMLDialogElement | null) {
    this.element = element;
    if (element && this.wanted) this.show();
  }

  /** Now, or as soon as it is there. */
  readonly show = (): void => {
    this.wanted = this.element === null;
    // One that is open already must not be opened again.
    if (this.element && !this.element.open) this.element.showModal();
  };
}

export function useWaitingDialog(): WaitingDialog {
  const [dialog] = useState(() => new WaitingDialog());
  return dialog;
}
