/** The lower half: the run as a ladder, as a list, the router's table, and the log. On narrow screens the packet too. @module */
import { Tabs as RadixTabs } from 'radix-ui';
import { memo, type ReactNode, type RefObject, useDeferredValue, useEffect, useRef, useState } from 'react';
import { names } from '../design/class-names.ts';
import { NARROW, useMedia } from '../design/use-media.ts';
import { Ladder } from '../ladder/ladder.tsx';
import { Log } from '../log/log.tsx';
import type { Run } from '../model/run.ts';
import { Packets } from '../packets/packets.tsx';
import { TablePanel } from '../table/table-panel.tsx';
import styles from './tabs.module.css';

interface TabsProps {
  readonly run: Run;
  /** Narrow screens: the packet is a tab like the others, and the first. */
  readonly packet?: ReactNode;
  readonly setup?: ReactNode;
  /** Where there is an experiment that can be asked. */
  readonly exposure?: ReactNode;
}

export const Tabs = memo(function Tabs({ run: newest, packet, setup, exposure }: TabsProps) {
  // Changes with what the lists read of the session (`useUnhurried`).
  const run = useDeferredValue(newest);
  const tabs = [
    { id: 'packet', name: 'Packet', content: packet, list: false },
    { id: 'ladder', name: 'Ladder', content: <Ladder run={run} />, list: true },
    { id: 'packets', name: 'Packets', content: <Packets run={run} />, list: true },
    { id: 'table', name: 'Table', content: <TablePanel run={run} />, list: true },
    { id: 'log', name: 'Log', content: <Log run={run} />, list: true },
    { id: 'exposure', name: 'Exposure', content: exposure, list: false },
    { id: 'setup', name: 'Set-up', content: setup, list: false },
  ].filter((tab) => tab.content !== undefined);
  const box = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<string>();
  useListInView(box, opened);
  return (
    <RadixTabs.Root ref={box} className={styles.tabs} defaultValue={tabs[0]!.id} onValueChange={setOpened}>
      <RadixTabs.List className={styles.list} aria-label="Views of the run">
        {tabs.map(({ id, name }) => (
          <RadixTabs.Trigger key={id} value={id} className={styles.tab}>
            {name}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {tabs.map(({ id, content, list }) => (
        <RadixTabs.Content
          key={id}
          value={id}
          className={names(styles.content, !list && styles.padded)}
          data-list={list}
          // A list has a stop of its own.
          tabIndex={list ? -1 : 0}
        >
          {content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
});

/** Narrow screens: the present row of a list that was opened would else lie beneath the player's bar. */
function useListInView(box: RefObject<HTMLElement | null>, opened: string | undefined): void {
  const narrow = useMedia(NARROW);
  useEffect(() => {
    if (narrow && opened !== undefined)
      box.current?.querySelector('[data-list="true"][data-state="active"]')?.scrollIntoView({ block: 'nearest' });
  }, [box, narrow, opened]);
}
