import { expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { WaitingDialog } from '../../src/ui/app/waiting-dialog.ts';

const open = () => document.querySelector('dialog')?.open;

test('a dialog asked for before it is there opens when it comes, and only then', async () => {
  const dialog = new WaitingDialog();
  dialog.show();
  const screen = await render(<dialog ref={dialog}>Here</dialog>);
  expect(open()).toBe(true);
  dialog.current?.close();
  await screen.rerender(<dialog ref={dialog}>Here still</dialog>);
  expect(open()).toBe(false);
});

test('one that nobody asked for stays shut; asked for twice it is open once', async () => {
  const dialog = new WaitingDialog();
  await render(<dialog ref={dialog}>Here</dialog>);
  expect(open()).toBe(false);
  dialog.show();
  dialog.show();
  expect(open()).toBe(true);
});
