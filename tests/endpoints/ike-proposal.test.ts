import { expect, test } from 'vitest';
import { choose, offerEsp, offerIke } from '../../src/endpoints/ike-proposal.ts';

test('the first proposal that both can do is taken, with one transform of each type', () => {
  const offered = offerIke(['chacha20-poly1305', 'aes-gcm-16', 'aes-cbc-sha2-256-128'], [31, 19, 14]);
  const choice = choose(offered, 1, ['aes-cbc-sha2-256-128', 'aes-gcm-16'], [14, 19]);
  expect(choice?.transform.name).toBe('aes-gcm-16');
  expect(choice?.group).toBe(19);
  expect(choice?.answer.number).toBe(2);
  expect(choice?.answer.transforms.map(({ type, id }) => [type, id])).toEqual([
    [1, 20],
    [2, 5],
    [4, 19],
  ]);
});

test('ESP proposals carry the SPI and take no group', () => {
  const choice = choose(offerEsp(['aes-cbc-sha1-96'], 0xc0000001), 3, ['aes-gcm-16', 'aes-cbc-sha1-96']);
  expect(choice).toMatchObject({ spi: 0xc0000001, group: 0 });
  expect(choice?.answer.transforms.map(({ type, id }) => [type, id])).toEqual([
    [1, 12],
    [3, 2],
    [5, 0],
  ]);
});

test('no common cipher, group, protocol or key length means no choice', () => {
  const offered = offerIke(['aes-gcm-16'], [31]);
  expect(choose(offered, 1, ['aes-cbc-sha2-256-128'], [31])).toBeUndefined();
  expect(choose(offered, 1, ['aes-gcm-16'], [14])).toBeUndefined();
  expect(choose(offered, 3, ['aes-gcm-16'])).toBeUndefined();
  const longer = offered.map((proposal) => ({
    ...proposal,
    transforms: proposal.transforms.map((each) =>
      each.type === 1 ? { ...each, attributes: [{ type: 14, value: 256 }] } : each,
    ),
  }));
  expect(choose(longer, 1, ['aes-gcm-16'], [31])).toBeUndefined();
});

test('an AEAD beside a separate integrity algorithm is not what we mean by it', () => {
  const [proposal] = offerEsp(['aes-gcm-16'], 1);
  const mixed = { ...proposal!, transforms: [...proposal!.transforms, { type: 3, id: 12, attributes: [] }] };
  expect(choose([mixed], 3, ['aes-gcm-16'])).toBeUndefined();
});

test('the same cipher with another integrity algorithm is another proposal', () => {
  expect(choose(offerEsp(['aes-cbc-sha1-96'], 1), 3, ['aes-cbc-sha2-256-128'])).toBeUndefined();
});
