/** The numbers of IKEv2 that the two ends act upon (RFC 7296 §3; IANA "IKEv2 Parameters"). @module */

export const EXCHANGE = { init: 34, auth: 35, createChild: 36, informational: 37 } as const;

export const PROTOCOL_ID = { none: 0, ike: 1, esp: 3 } as const;

export const NOTIFY = {
  invalidSyntax: 7,
  noProposalChosen: 14,
  invalidKeyExchange: 17,
  authenticationFailed: 24,
  noAdditionalSas: 35,
  internalAddressFailure: 36,
  tsUnacceptable: 38,
  temporaryFailure: 43,
  childSaNotFound: 44,
  initialContact: 16384,
  natDetectionSource: 16388,
  natDetectionDestination: 16389,
  cookie: 16390,
  useTransportMode: 16391,
  rekeySa: 16393,
} as const;

/** Notifies below this are errors (RFC 7296 §3.10.1). */
export const FIRST_STATUS = 16384;

export const ID_FQDN = 2;
export const AUTH_SHARED_KEY = 2;
export const CFG = { request: 1, reply: 2 } as const;
export const INTERNAL_IP4_ADDRESS = 1;
