/** Routers without an admin page: a prompt, and the very commands that do what elsewhere a page does. @module */
import { useState } from 'react';
import styles from './admin-window.module.css';
import type { Command, Shell } from './pages.ts';
import type { Router } from './router.ts';

interface TerminalProps {
  readonly shell: Shell;
  readonly router: Router;
  readonly onWatch: () => void;
}

export function Terminal({ shell, router, onWatch }: TerminalProps) {
  const [typed, setTyped] = useState<readonly string[]>([]);
  const run = ({ text, does }: Command) => {
    setTyped([...typed, text]);
    router.act((at) => [{ ...does, at, router: router.id }]);
    if (does.do === 'reboot') router.carryOn();
  };
  return (
    <div className={styles.terminal} data-away={router.away}>
      <p>{shell.says}</p>
      {typed.length > 0 && <Typed prompt={shell.prompt} lines={typed} />}
      <p className={styles.prompt} role="status">
        {router.away ? (
          'Connection to the router closed. It is rebooting…'
        ) : (
          <span aria-hidden="true">{shell.prompt} ▮</span>
        )}
      </p>
      {router.away ? (
        <button type="button" className={styles.button} onClick={onWatch}>
          Watch the stage
        </button>
      ) : (
        <Commands commands={shell.commands} run={run} />
      )}
    </div>
  );
}

function Typed({ prompt, lines }: { readonly prompt: string; readonly lines: readonly string[] }) {
  return (
    <ol className={styles.typed} aria-label="What was typed">
      {lines.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a terminal only ever grow in number
        <li key={index}>
          {prompt} {text}
        </li>
      ))}
    </ol>
  );
}

interface CommandsProps {
  readonly commands: Shell['commands'];
  readonly run: (command: Command) => void;
}

function Commands({ commands, run }: CommandsProps) {
  return (
    <ul className={styles.commands}>
      {commands.map((command) => (
        <li key={command.text}>
          <div>
            <p>{command.says}</p>
            <code>{command.text}</code>
          </div>
          <button
            type="button"
            className={styles.button}
            aria-label={`Run: ${command.says}`}
            onClick={() => run(command)}
          >
            Run
          </button>
        </li>
      ))}
    </ul>
  );
}
