/** What would help where a packet is stopped, looked for while the page stays awake. @module */
import { startTransition, useEffect, useState } from 'react';
import { afterPaint } from '../design/after-paint.ts';
import type { Step } from '../model/run.ts';
import { type Cure, cureOf } from './cure.ts';
import type { Engine, Played } from './engine.ts';
import { type Search, searchOn } from './search.ts';
import { type SettingCure, settingCureOf } from './setting-cure.ts';

type Help = { readonly kind: 'switch'; readonly cure: Cure } | { readonly kind: 'setting'; readonly cure: SettingCure };

/** Undefined as long as nothing is found. The reader sees first what happened, then what would help. */
export function useHelp(engine: Engine, played: Played, step: Step | undefined): Help | undefined {
  const [found, setFound] = useState<{ readonly at: Step | undefined; readonly help: Help }>();
  useEffect(() => {
    let giveUp = () => {};
    const show = (help: Help | undefined) => {
      if (help) startTransition(() => setFound({ at: step, help }));
    };
    const stop = afterPaint(() => {
      giveUp = searchOn(helpAt(engine, played, step), show);
    });
    return () => {
      stop();
      giveUp();
    };
  }, [engine, played, step]);
  return found?.at === step ? found?.help : undefined;
}

function* helpAt(engine: Engine, played: Played, step: Step | undefined): Search<Help | undefined> {
  const cure = yield* cureOf(engine, played, step);
  if (cure) return { kind: 'switch', cure };
  const setting = yield* settingCureOf(engine, played, step);
  return setting && { kind: 'setting', cure: setting };
}
