import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { KeysDialog } from '../../src/ui/header/keys-dialog.tsx';
import { attachKeyboard } from '../../src/ui/session/keyboard.ts';
import { createSession } from '../../src/ui/session/session.ts';
import { attachZoom } from '../../src/ui/stage/zoom.ts';

afterEach(cleanup);

/** Keys as a browser calls them, and as the list does where that differs. */
const NAMED: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
  '-': '−',
  // The same keys, with or without shift.
  '=': '+',
  _: '−',
};
const OTHERS = ['Home', 'End', 'Escape', 'Enter', 'Tab', 'Insert', 'Delete', 'Backspace', 'F1', 'F2', 'F6'];
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

test('every key that the page or its stage takes is in the list of keys', () => {
  const { container } = render(
    <>
      <KeysDialog dialog={{ current: null }} />
      <section>
        <canvas />
      </section>
    </>,
  );
  const canvas = container.querySelector('canvas')!;
  const nothing = () => {};
  const detach = attachKeyboard(
    createSession(),
    { choose: nothing, open: nothing, help: nothing, region: () => true },
    () => true,
  );
  const zoomer = attachZoom(canvas, nothing);
  zoomer.resize(400, 300);
  const taken = [...PRINTABLE, ...OTHERS, ...Object.keys(NAMED)].filter((key) =>
    [false, true].some((shiftKey) => {
      const press = new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true });
      canvas.dispatchEvent(press);
      return press.defaultPrevented;
    }),
  );
  detach();
  zoomer.detach();
  const listed = [...container.querySelectorAll('kbd')].map(({ textContent }) => textContent);
  expect(taken).toContain('n');
  expect(taken.map((key) => NAMED[key] ?? key).filter((key) => !listed.includes(key))).toEqual([]);
});

test('letters can be turned off as keys; those one does not write with stay', () => {
  localStorage.clear();
  const { getByLabelText } = render(<KeysDialog dialog={{ current: null }} />);
  const chosen: string[] = [];
  const detach = attachKeyboard(
    createSession(),
    {
      choose: () => chosen.push('scenario'),
      open: () => chosen.push('recording'),
      help: () => chosen.push('keys'),
      region: () => chosen.push('region') > 0,
    },
    () => true,
  );
  const press = () => {
    for (const key of ['s', 'o', '?', 'F6'])
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  };
  const box = getByLabelText(/^Letters are keys of this page/, { selector: 'input' });
  box.click();
  press();
  expect(chosen).toEqual(['region']);
  box.click();
  press();
  expect(chosen).toEqual(['region', 'scenario', 'recording', 'keys', 'region']);
  detach();
});
