/** A recording on the stage. @module */

import { PROFILES } from '../../router/profiles/index.ts';
import type { SwitchName } from '../../router/profiles/profile.ts';
import { playWhenOpen } from '../app/play-when-open.ts';
import { Views } from '../app/views.tsx';
import { familyOf } from '../model/packet.ts';
import { type Run, stepAt } from '../model/run.ts';
import { useSession, useStage } from '../session/context.ts';
import { Setup } from '../setup/setup.tsx';
import { useLibraryHandle } from './context.ts';
import type { Opened } from './library.ts';
import type { RouterSetup } from './messages.ts';

interface WatchingRecordingProps {
  readonly run: Run;
  readonly opened: Opened;
  readonly trouble: string | undefined;
}

export function WatchingRecording({ run, opened, trouble }: WatchingRecordingProps) {
  const { store } = useStage();
  const library = useLibraryHandle();
  const { setup, situation, pair } = opened;
  const needsPptp = useSession((session) => {
    const step = run.steps[stepAt(run, session.cursor)];
    const stopped = step?.fate === 'stopped' && step.occurrence.kind === 'routed';
    return stopped && step.occurrence.kind === 'routed' && familyOf(step.occurrence.frame.bytes) === 'pptp';
  });
  const go = (next: RouterSetup) => {
    const opening = library.replayThrough(opened, next);
    // One's own capture comes to rest where it goes wrong.
    if (!pair) playWhenOpen(opening, store);
  };
  const flip = (name: SwitchName) => go({ ...setup, switches: { ...setup.switches, [name]: !setup.switches[name] } });
  const setProfile = (id: string) => {
    const profile = PROFILES.find((each) => each.id === id);
    if (profile) go({ ...setup, profile: id, switches: profile.defaults });
  };
  const helps = needsPptp && !setup.switches.pptp && (pair !== undefined || situation?.on !== undefined);
  const cure = helps ? { label: 'Turn PPTP passthrough on', apply: () => flip('pptp') } : undefined;
  return (
    <Views
      run={run}
      setup={
        <Setup opened={opened} run={run} flip={flip} setProfile={setProfile} pointed={helps ? 'pptp' : undefined} />
      }
      cure={cure}
      trouble={trouble}
    />
  );
}
