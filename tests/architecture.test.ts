import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';

/** The house: which room may import from which. The router and the endpoints never meet. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  wire: ['lib'],
  capture: ['lib'],
  router: ['lib', 'wire'],
  endpoints: ['lib', 'wire'],
  world: ['lib', 'wire', 'capture', 'router', 'endpoints'],
  explain: ['lib', 'wire', 'capture', 'router', 'endpoints', 'world'],
  scenarios: ['lib', 'wire', 'router', 'endpoints', 'world', 'explain'],
  gear: ['lib', 'wire', 'router'],
  cli: ['lib', 'wire', 'capture', 'router', 'endpoints', 'world', 'explain', 'scenarios', 'gear'],
  ui: ['lib', 'wire', 'capture', 'router', 'endpoints', 'world', 'explain', 'scenarios', 'gear'],
};

/** Packages the pure rooms may use: cryptography only. */
const PURE = ['lib', 'wire', 'capture', 'router', 'endpoints', 'world', 'explain', 'scenarios', 'gear'];

const root = join(import.meta.dirname, '..', 'src');
const files = walk(root).filter((file) => /\.tsx?$/.test(file));

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

function imports(text: string): string[] {
  const found = text.matchAll(/(?<!['"])\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]|new URL\(\s*['"]([^'"]+)['"]/g);
  return [...found].map((match) => match[1] ?? match[2]!);
}

const room = (file: string) => relative(root, file).split(sep)[0]!;

test('every folder of src is a room of the house', () => {
  expect(
    readdirSync(root)
      .filter((name) => statSync(join(root, name)).isDirectory())
      .sort(),
  ).toEqual(
    Object.keys(mayImport)
      .filter((name) => files.some((file) => room(file) === name))
      .sort(),
  );
  expect(files.length).toBeGreaterThan(10);
});

test('each room imports only from the rooms below it', () => {
  const broken: string[] = [];
  for (const file of files)
    for (const name of imports(readFileSync(file, 'utf8'))) {
      if (!name.startsWith('.')) continue;
      // What the whole house is called stands outside of its rooms; the command line alone is asked for it.
      if (room(file) === 'cli' && name === '../../package.json') continue;
      const target = room(join(file, '..', name));
      if (target !== room(file) && !mayImport[room(file)]?.includes(target))
        broken.push(`${relative(root, file)} imports ${name}`);
    }
  expect(broken).toEqual([]);
});

test('the pure rooms use no package but cryptography, no clock and no randomness of their own', () => {
  const broken: string[] = [];
  for (const file of files.filter((each) => PURE.includes(room(each)))) {
    const text = readFileSync(file, 'utf8');
    for (const name of imports(text))
      if (!name.startsWith('.') && !name.startsWith('@noble/')) broken.push(`${relative(root, file)} imports ${name}`);
    if (/\bDate\.now|new Date\(|Math\.random|performance\.now/.test(text))
      broken.push(`${relative(root, file)} asks for the time or for chance`);
  }
  expect(broken).toEqual([]);
});
