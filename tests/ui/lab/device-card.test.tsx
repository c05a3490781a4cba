import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { Clients } from '../../../src/ui/lab/clients.tsx';
import { LabContext } from '../../../src/ui/lab/context.ts';
import { Deeds } from '../../../src/ui/lab/deeds.tsx';
import { engine } from '../../../src/ui/lab/engine.ts';
import { createLab, type LabHandle } from '../../../src/ui/lab/lab.ts';
import { SessionContext } from '../../../src/ui/session/context.ts';
import { Playhead } from '../../../src/ui/session/playhead.ts';
import { createSession, goToStep, type SessionStore } from '../../../src/ui/session/session.ts';
import { setStart } from '../../../src/world/edits.ts';

let lab: LabHandle;
let session: SessionStore;

beforeEach(async () => {
  session = createSession();
  lab = createLab(
    session,
    () => Promise.resolve(engine),
    () => true,
  );
  await lab.begin('');
  lab.open('pptp-two-laptops');
});
afterEach(cleanup);

/** The page redraws itself when another run is put on; here that is done by hand. */
function draw() {
  const { played } = lab.store.getState();
  const content = (
    <LabContext value={lab}>
      <SessionContext value={{ store: session, playhead: new Playhead(session, () => true) }}>
        {played && (
          <>
            <Clients played={played} />
            <Deeds played={played} />
          </>
        )}
      </SessionContext>
    </LabContext>
  );
  cleanup();
  render(content);
}

const devices = () => lab.store.getState().played!.chosen.experiment.clients;

test('each device has its VPN and its server to choose, and a way to stop it', () => {
  goToStep(session, 40);
  draw();
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
  expect(screen.getByRole('combobox', { name: 'VPN of Laptop A' })).toHaveValue('pptp');
  expect(screen.getByRole('combobox', { name: 'Server of Laptop B' })).toHaveDisplayValue('VPN server');
  expect(screen.getByRole('button', { name: 'Stop Laptop A' })).toBeVisible();
});

test('another VPN is a change of that device alone', async () => {
  draw();
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'VPN of Laptop B' }), 'L2TPv3 over IP');
  expect(devices().map(({ vpn }) => vpn.kind)).toEqual(['pptp', 'l2tpv3']);
});

test('a stop is listed with its time, and taken back by its cross', async () => {
  goToStep(session, 40);
  draw();
  await userEvent.click(screen.getByRole('button', { name: 'Stop Laptop A' }));
  draw();
  expect(screen.getByRole('region', { name: 'Done in the middle' })).toHaveTextContent('Laptop A stops');
  await userEvent.click(screen.getByRole('button', { name: /^Take back: Laptop A stops/ }));
  draw();
  expect(screen.queryByRole('region', { name: 'Done in the middle' })).toBeNull();
});

test('what dials again says after how long, and that Windows must be asked to', async () => {
  draw();
  await userEvent.click(screen.getByRole('button', { name: 'More about Laptop A' }));
  const box = screen.getByRole('checkbox', { name: 'Dials again when the line drops' });
  expect(box).toHaveAccessibleDescription('After 60 s. Windows does so only if its user asks for it.');
  await userEvent.click(box);
  expect(devices()[0]?.redial).toBe(60);
});

test('the last device at home cannot be removed', async () => {
  lab.open('pptp-one-laptop');
  draw();
  await userEvent.click(screen.getByRole('button', { name: 'More about Laptop A' }));
  expect(screen.queryByRole('button', { name: 'Remove Laptop A' })).toBeNull();
});

test('a device starts when one says, or waits for its user', async () => {
  draw();
  await userEvent.click(screen.getByRole('button', { name: 'More about Laptop B' }));
  const box = screen.getByRole('spinbutton', { name: 'Starts at seconds' });
  await userEvent.fill(box, '2.5');
  await userEvent.keyboard('{Enter}');
  expect(devices()[1]?.startAt).toBe(2_500_000);
  await userEvent.clear(box);
  await userEvent.keyboard('{Enter}');
  expect(devices()[1]).not.toHaveProperty('startAt');
});

test('when a device starts is told to the millisecond, and who only looks at it changes nothing', async () => {
  lab.edit((experiment) => setStart(experiment, 'b', 65_001));
  draw();
  await userEvent.click(screen.getByRole('button', { name: 'More about Laptop B' }));
  const box = screen.getByRole('spinbutton', { name: 'Starts at seconds' });
  expect(box).toHaveValue(0.065);
  await userEvent.click(box);
  await userEvent.tab();
  expect(devices()[1]?.startAt).toBe(65_001);
});

test('a cable is pulled at the cursor and plugged in again there; pulled before, it can be plugged in', async () => {
  goToStep(session, 40);
  draw();
  await userEvent.click(screen.getByRole('button', { name: 'More about Laptop A' }));
  const pull = screen.getByRole('button', { name: 'Pull the cable of Laptop A' });
  expect(pull).toHaveAccessibleDescription(/its tunnel stands until answers/);
  await userEvent.click(pull);
  const cables = () =>
    (lab.store.getState().played!.chosen.experiment.interventions ?? []).flatMap((each) =>
      each.do === 'cable' ? [[each.node, each.plugged]] : [],
    );
  expect(cables()).toEqual([['a', false]]);
  const again = async () => {
    draw();
    await userEvent.click(screen.getByRole('button', { name: 'More about Laptop A' }));
    return screen.getByRole('button', { name: 'Plug the cable of Laptop A in again' });
  };
  await userEvent.click(await again());
  expect(cables()).toEqual([]);
  draw();
  await userEvent.click(screen.getByRole('button', { name: 'More about Laptop A' }));
  await userEvent.click(screen.getByRole('button', { name: 'Pull the cable of Laptop A' }));
  goToStep(session, lab.store.getState().played!.run.steps.length - 1);
  await userEvent.click(await again());
  expect(cables()).toEqual([
    ['a', false],
    ['a', true],
  ]);
});
