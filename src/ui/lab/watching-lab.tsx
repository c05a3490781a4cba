/** An experiment of the page's own world on the stage. @module */
import { useCallback, useMemo, useState } from 'react';
import { Views } from '../app/views.tsx';
import { NARROW, useMedia } from '../design/use-media.ts';
import { usePainted } from '../design/use-painted.ts';
import { Exposure } from '../exposure/exposure.tsx';
import { stepAt } from '../model/run.ts';
import { useSession } from '../session/context.ts';
import { SWITCH_NAMES } from './chosen.ts';
import { useLab, useLabHandle } from './context.ts';
import { cureOf } from './cure.ts';
import type { Engine, Played } from './engine.ts';
import { ForkDialog } from './fork-dialog.tsx';
import { LabSetup } from './lab-setup.tsx';
import { settingCureOf } from './setting-cure.ts';

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
  // Finding a cure runs the experiment once for each switch: the reader sees first what happened, then what would help.
  const seen = usePainted(step);
  const found = useMemo(() => (seen === step ? cureOf(engine, played, step) : undefined), [engine, played, seen, step]);
  const cure = useMemo(() => {
    if (found)
      return {
        label: `Turn ${SWITCH_NAMES[found.name]} ${found.on ? 'on' : 'off'}`,
        apply: () => lab.flip(found.name),
      };
    const setting = seen === step ? settingCureOf(engine, played, step) : undefined;
    return setting && { label: setting.label, apply: () => lab.edit(setting.edit) };
  }, [lab, engine, played, seen, step, found]);
  const compare = useCallback(() => setComparing(true), []);
  const exposure = useMemo(() => <Exposure played={played} />, [played]);
  return (
    <>
      <Views
        run={run}
        setup={<LabSetup played={played} pointed={found?.name} narrow={narrow} onCompare={compare} />}
        cure={cure}
        exposure={exposure}
        trouble={trouble ?? notice}
      />
      {comparing && before && <ForkDialog before={before} now={played} onClose={() => setComparing(false)} />}
    </>
  );
}
