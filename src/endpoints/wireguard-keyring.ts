/** The generations of keys that a WireGuard peer has at one time (whitepaper §6.4). @module */
import type { Session } from './wireguard-session.ts';

export class Keyring {
  /** What is sent with. */
  current: Session | undefined;
  /** For what was sent before the keys changed and arrives after. */
  private previous: Session | undefined;
  /** Ours as the responder, until the initiator has used them. */
  private next: Session | undefined;

  /** By the index of ours that a message names. */
  find(local: number): Session | undefined {
    return [this.current, this.next, this.previous].find((each) => each?.local === local);
  }

  /** Keys that the other end has agreed to: they may be used at once. */
  use(session: Session): void {
    this.previous = this.next ?? this.current;
    this.next = undefined;
    this.current = session;
  }

  /** Keys that we agreed to: the initiator must use them first. */
  await(session: Session): void {
    this.next = session;
    this.previous = undefined;
  }

  /** The initiator has used these keys. Answers whether they had waited for that. */
  confirm(session: Session): boolean {
    if (session !== this.next) return false;
    this.previous = this.current;
    this.current = session;
    this.next = undefined;
    return true;
  }

  clear(): void {
    this.previous = undefined;
    this.current = undefined;
    this.next = undefined;
  }
}
