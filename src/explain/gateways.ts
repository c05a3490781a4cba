/** Words for packets that no router translates, because a router is an end of the tunnel itself. @module */

export type AtGateway = 'into' | 'out' | 'taken' | 'sent';

export const AT_GATEWAY: Readonly<Record<AtGateway, string>> = {
  into: 'taken into the tunnel',
  out: 'out of the tunnel',
  taken: 'for the router itself',
  sent: 'sent by the router itself',
};

export const WHY_UNTRANSLATED = 'The tunnel ends on the router, so nothing is translated here and no switch is asked.';
