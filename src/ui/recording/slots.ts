/** Which of two dropped files was taken on which side. @module */

export interface Slots {
  readonly lan: File | undefined;
  readonly wan: File | undefined;
}

const WAN = /wan|outside|external|internet/i;
const LAN = /lan|inside|internal|home/i;

/** Files go where their names say; the others fill the free places in order. A free place is all they may take. */
export function placed(slots: Slots, files: readonly File[]): Slots {
  let { lan, wan } = slots;
  const unnamed: File[] = [];
  for (const file of files) {
    if (WAN.test(file.name) && !wan) wan = file;
    else if (LAN.test(file.name) && !lan) lan = file;
    else unnamed.push(file);
  }
  for (const file of unnamed)
    if (!lan) lan = file;
    else wan ??= file;
  return { lan, wan };
}
