/**
 * PPTP control messages as routers know them: types, names and the place of their Call IDs (RFC 2637 §1.4, §2).
 *
 *     |0 length |2 1 |4 magic cookie |8 control message type |10 reserved |12 …
 *
 * @module
 */
export const PPTP_PORT = 1723;
export const MAGIC = 0x1a2b3c4d;
export const HEADER = 12;

/** Control message types (RFC 2637 §1.4). */
export const START_REQUEST = 1;
export const START_REPLY = 2;
export const STOP_REQUEST = 3;
export const STOP_REPLY = 4;
export const ECHO_REQUEST = 5;
export const ECHO_REPLY = 6;
export const OUT_REQUEST = 7;
export const OUT_REPLY = 8;
export const IN_REQUEST = 9;
export const IN_REPLY = 10;
export const IN_CONNECTED = 11;
export const CLEAR_REQUEST = 12;
export const DISCONNECT = 13;
export const WAN_ERROR = 14;
export const SET_LINK = 15;

/** By type. */
export const MESSAGE_NAMES: readonly string[] = [
  '',
  'Start-Control-Connection-Request',
  'Start-Control-Connection-Reply',
  'Stop-Control-Connection-Request',
  'Stop-Control-Connection-Reply',
  'Echo-Request',
  'Echo-Reply',
  'Outgoing-Call-Request',
  'Outgoing-Call-Reply',
  'Incoming-Call-Request',
  'Incoming-Call-Reply',
  'Incoming-Call-Connected',
  'Call-Clear-Request',
  'Call-Disconnect-Notify',
  'WAN-Error-Notify',
  'Set-Link-Info',
];
