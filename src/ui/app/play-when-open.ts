/** What was just chosen begins to play by itself. @module */
import { type SessionStore, togglePlay } from '../session/session.ts';

export function playWhenOpen(done: Promise<void>, store: SessionStore): void {
  const play = () => {
    if (!store.getState().playing) togglePlay(store);
  };
  done.then(play, play);
}
