/** A recording on the stage. @module */
import { playWhenOpen } from '../app/play-when-open.ts';
import { Views } from '../app/views.tsx';
import { type Run, stepAt } from '../model/run.ts';
import { PacketPanel } from '../packet/packet-panel.tsx';
import { useSession, useStage } from '../session/context.ts';
import { Setup } from '../setup/setup.tsx';
import { useLibraryHandle } from './context.ts';
import type { Opened } from './library.ts';

interface WatchingRecordingProps {
  readonly run: Run;
  readonly opened: Opened;
  readonly trouble: string | undefined;
}

export function WatchingRecording({ run, opened, trouble }: WatchingRecordingProps) {
  const { store } = useStage();
  const library = useLibraryHandle();
  const stopped = useSession((session) => run.steps[stepAt(run, session.cursor)]?.fate === 'stopped');
  const other = library.flip(opened);
  const flip = other && (() => playWhenOpen(other(), store));
  const helps = stopped && !opened.setup.pptpHelper && flip !== undefined && opened.situation?.on !== undefined;
  const cure = helps ? { label: 'Turn PPTP passthrough on', apply: flip } : undefined;
  return (
    <Views
      run={run}
      setup={<Setup opened={opened} run={run} flip={flip} pointed={helps} />}
      packet={<PacketPanel cure={cure} />}
      trouble={trouble}
    />
  );
}
