/** An experiment of the page's own world on the stage. @module */
import { useCallback, useMemo, useState } from 'react';
import { Views } from '../app/views.tsx';
import { NARROW, useMedia } from '../design/use-media.ts';
import { Exposure } from '../exposure/exposure.tsx';
import { stepAt } from '../model/run.ts';
import { stoppedBehind } from '../model/settled.ts';
import { useSession } from '../session/context.ts';
import { SWITCH_NAMES } from './chosen.ts';
import { useLab, useLabHandle } from './context.ts';
import type { Engine, Played } from './engine.ts';
import { ForkDialog } from './fork-dialog.tsx';
import { LabSetup } from './lab-setup.tsx';
import { useHelp } from './use-help.ts';

interface WatchingLabProps {
  readonly engine: Engine;
  readonly played: Played;
  /** Why the last thing could not be opened. */
  readonly trouble: string | undefined;
}

export function WatchingLab({ engine, played, trouble }: WatchingLabProps) {
  const lab = useLabHandle();
  const { before, notice } = useLab((state) => state);
  const narrow = useMedia(NARROW);
  const [comparing, setComparing] = useState(false);
  const { run } = played;
  const step = useSession((session) => run.steps[stepAt(run, session.cursor)]);
  const help = useHelp(engine, played, step && (stoppedBehind(run, step) ?? step));
  const cure = useMemo(() => {
    if (help?.kind === 'switch') {
      const { name, on } = help.cure;
      return { label: `Turn ${SWITCH_NAMES[name]} ${on ? 'on' : 'off'}`, apply: () => lab.flip(name) };
    }
    return help && { label: help.cure.label, apply: () => lab.edit(help.cure.edit) };
  }, [lab, help]);
  const compare = useCallback(() => setComparing(true), []);
  const exposure = useMemo(() => <Exposure played={played} />, [played]);
  return (
    <>
      <Views
        run={run}
        setup={
          <LabSetup
            played={played}
            pointed={help?.kind === 'switch' ? help.cure.name : undefined}
            narrow={narrow}
            onCompare={compare}
          />
        }
        cure={cure}
        exposure={exposure}
        trouble={trouble ?? notice}
      />
      {comparing && before && <ForkDialog before={before} now={played} onClose={() => setComparing(false)} />}
    </>
  );
}
