import { cleanup, render, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { afterEach, expect, test } from 'vitest';
import { fetched } from '../../src/ui/app/fetched.ts';

afterEach(cleanup);

function Words({ text }: { readonly text: string }) {
  return <p>{text}</p>;
}

test('a part that has come already is drawn at once', async () => {
  const { Part, fetch } = fetched(async () => Words);
  await fetch();
  render(
    <Suspense fallback="waiting">
      <Part text="here" />
    </Suspense>,
  );
  expect(screen.getByText('here')).toBeVisible();
});

test('one that is still on its way is waited for', async () => {
  const { Part } = fetched(async () => Words);
  render(
    <Suspense fallback={<p>waiting</p>}>
      <Part text="here" />
    </Suspense>,
  );
  expect(await screen.findByText('here')).toBeVisible();
});
