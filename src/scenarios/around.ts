/** Ways around passthrough: nothing for the router to let through. @module */
import { laptop, OFF, router, server, world } from './cast.ts';
import type { Scenario } from './scenario.ts';

export const around: readonly Scenario[] = [
  {
    id: 'identity-aware-access',
    family: 'around',
    title: 'Access by identity, without a tunnel',
    story:
      'Two laptops ask a proxy at the company for the same files, over HTTPS and without any tunnel. One shows a token that says who is asking and is let in; the other has none and is turned away.',
    experiment: world({
      clients: [
        laptop(0, { kind: 'identity', server: 'server', token: true }),
        laptop(1, { kind: 'identity', server: 'server', token: false }),
      ],
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'identity' }], { name: 'Access proxy' })],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'failed' },
      { that: 'symptom', node: 'b', code: '401' },
      { that: 'all-pass', from: 'b' },
    ],
  },
];
