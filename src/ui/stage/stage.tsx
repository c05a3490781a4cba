/** The stage: a canvas for the eye, a list of the same things for everyone else. @module */
import { memo, useEffect, useRef, useState } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { MinusIcon, PlayIcon, PlusIcon, WholeIcon } from '../design/icons.tsx';
import { REGION } from '../design/regions.ts';
import { Toolbar } from '../design/toolbar.tsx';
import type { Run } from '../model/run.ts';
import { useSession, useStage } from '../session/context.ts';
import { togglePlay } from '../session/session.ts';
import { attachStage, type StageControls } from './attach.ts';
import styles from './stage.module.css';
import { StageText } from './stage-text.tsx';

const STEP = 1.5;

interface StageProps {
  /** How much larger than usual everything is drawn. */
  readonly magnified?: number;
}

export const Stage = memo(function Stage({ magnified = 1 }: StageProps) {
  const stagecraft = useStage();
  const run = useSession((session) => session.run);
  const begun = useSession(({ cursor, playing }) => cursor >= 0 || playing);
  const several = (run?.trace.nodes.filter(({ kind }) => kind === 'router').length ?? 0) > 1;
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<StageControls>(undefined);
  const [zoomed, setZoomed] = useState(false);

  useEffect(() => {
    if (!canvas.current) return undefined;
    const attached = attachStage(canvas.current, stagecraft, { magnified, onZoom: setZoomed });
    stage.current = attached;
    return attached.detach;
  }, [stagecraft, magnified]);

  return (
    <section className={styles.stage} id="stage" aria-label="Stage" data-several={several} {...REGION}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        role="img"
        tabIndex={0}
        aria-label="Picture of the network at this step. The list after it holds the same things. Plus, minus and 0 zoom."
      />
      <StageText point={(target) => stage.current?.point(target)} />
      {run && !begun && <Invitation run={run} />}
      <Toolbar name="Zoom" className={styles.zoom}>
        <ZoomButton name="Zoom out" keys="−" disabled={!zoomed} press={() => stage.current?.zoomBy(1 / STEP)}>
          <MinusIcon size={14} />
        </ZoomButton>
        <ZoomButton name="Whole stage" keys="0" disabled={!zoomed} press={() => stage.current?.fit()}>
          <WholeIcon size={14} />
        </ZoomButton>
        <ZoomButton name="Zoom in" keys="+" disabled={false} press={() => stage.current?.zoomBy(STEP)}>
          <PlusIcon size={14} />
        </ZoomButton>
      </Toolbar>
    </section>
  );
});

interface ZoomButtonProps {
  readonly name: string;
  readonly keys: string;
  readonly disabled: boolean;
  readonly press: () => void;
  readonly children: React.ReactNode;
}

/** A disabled button would lose the focus, and with it the keys. */
function ZoomButton({ name, keys, disabled, press, children }: ZoomButtonProps) {
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={name}
      title={`${name} (${keys})`}
      aria-disabled={disabled}
      onClick={press}
    >
      {children}
    </button>
  );
}

/** Nothing has happened yet: what there is to see, and how to begin. */
function Invitation({ run }: { readonly run: Run }) {
  const { store } = useStage();
  const count = run.steps.length;
  if (count === 0) return null;
  return (
    <div className={styles.invitation}>
      <button type="button" className={names(controls.button, controls.strong)} onClick={() => togglePlay(store)}>
        <PlayIcon size={14} /> {count === 1 ? 'Watch the one step' : `Watch all ${count} steps`}
      </button>
      <p>
        or go one by one with <kbd className={controls.key}>→</kbd>
      </p>
    </div>
  );
}
