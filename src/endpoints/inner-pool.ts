/** The inner addresses a VPN server hands out: always the lowest that is free. @module */

export class InnerPool {
  private readonly first: number;
  private readonly size: number;
  private readonly taken = new Set<number>();

  constructor(first: number, size: number) {
    this.first = first;
    this.size = size;
  }

  /** Answers undefined when all are out. */
  take(): number | undefined {
    for (let address = this.first; address < this.first + this.size; address++)
      if (!this.taken.has(address)) {
        this.taken.add(address);
        return address;
      }
    return undefined;
  }

  giveBack(address: number): void {
    this.taken.delete(address);
  }
}
