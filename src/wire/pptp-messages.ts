/**
 * The fifteen PPTP control messages, RFC 2637 §2, declared once: parsing, encoding and display all read this list,
 * and the record types are derived from it. Fields follow the 12 bytes of the common header without gaps.
 * @module
 */
import * as spec from './field-spec.ts';
import { hex16, hex32, named } from './show.ts';

/** RFC 2637 §1.4: in every message, so that a receiver sees when it has lost its place in the stream. */
export const MAGIC = 0x1a2b3c4d;

const number = <Name extends string>(
  name: Name,
  size: 1 | 2 | 4,
  label: string,
  key: string,
  show?: (value: number) => string,
) => spec.number(name, size, label, `pptp.${key}`, show);

const text = <Name extends string>(name: Name, size: number, label: string, key: string) =>
  spec.text(name, size, label, `pptp.${key}`);

const reserved = (size: number) => spec.reserved(size, 'pptp.reserved');

const oneOf = (...names: string[]) => {
  const table = Object.fromEntries(names.map((name, index) => [index + 1, name]));
  return (value: number) => named(table, value);
};

const ERRORS = ['None', 'Not-Connected', 'Bad-Format', 'Bad-Value', 'No-Resource', 'Bad-Call ID', 'PAC-Error'];
const version = (value: number) => `${value >>> 8}.${value & 255}`;
const framing = oneOf('Asynchronous Framing supported', 'Synchronous Framing supported', 'Either Framing supported');
const bearer = oneOf('Analog access supported', 'Digital access supported', 'Either access supported');
const delay = (value: number) => `${value / 10} s`;

const errorCode = number('errorCode', 1, 'Error Code', 'error', (value) => named(ERRORS, value));
const callId = number('callId', 2, 'Call ID', 'call_id');
const peerCallId = number('peerCallId', 2, 'Peer Call ID', 'peer_call_id');
const callSerialNumber = number('callSerialNumber', 2, 'Call Serial Number', 'call_serial_number');
const framingType = number('framingType', 4, 'Framing Type', 'framing_type', framing);
const bearerType = number('bearerType', 4, 'Bearer Type', 'bearer_type', bearer);
const windowSize = number('windowSize', 2, 'Packet Receive Window Size', 'packet_receive_window_size');
const processingDelay = number('processingDelay', 2, 'Packet Processing Delay', 'packet_processing_delay', delay);
const connectSpeed = number('connectSpeed', 4, 'Connect Speed', 'connect_speed');
const causeCode = number('causeCode', 2, 'Cause Code', 'cause');
const physicalChannelId = number('physicalChannelId', 4, 'Physical Channel ID', 'physical_channel_id');
const identifier = number('identifier', 4, 'Identifier', 'identifier');
const subaddress = text('subaddress', 64, 'Subaddress', 'subaddress');

const protocolVersion = number('protocolVersion', 2, 'Protocol version', 'protocol_version', version);
const capabilities = [
  number('framingCapabilities', 4, 'Framing Capabilities', 'framing_capabilities', framing),
  number('bearerCapabilities', 4, 'Bearer Capabilities', 'bearer_capabilities', bearer),
  number('maximumChannels', 2, 'Maximum Channels', 'maximum_channels'),
  number('firmwareRevision', 2, 'Firmware Revision', 'firmware_revision', hex16),
  text('hostName', 64, 'Host Name', 'host_name'),
  text('vendorName', 64, 'Vendor Name', 'vendor_name'),
] as const;

const controlResult = oneOf(
  'Successful channel establishment',
  'General error',
  'Command channel already exists',
  'Requester not authorized',
  'Protocol version not supported',
);
const outResult = oneOf(
  'Connected',
  'General Error',
  'No Carrier',
  'Busy',
  'No Dial Tone',
  'Time-out',
  'Do Not Accept',
);
const okResult = oneOf('OK', 'General error');

export const MESSAGES = {
  'start-control-connection-request': {
    code: 1,
    title: 'Start-Control-Connection-Request',
    fields: [protocolVersion, reserved(2), ...capabilities],
  },
  'start-control-connection-reply': {
    code: 2,
    title: 'Start-Control-Connection-Reply',
    fields: [
      protocolVersion,
      number('resultCode', 1, 'Result Code', 'control_result', controlResult),
      errorCode,
      ...capabilities,
    ],
  },
  'stop-control-connection-request': {
    code: 3,
    title: 'Stop-Control-Connection-Request',
    fields: [
      number('reason', 1, 'Reason', 'reason', oneOf('None', 'Stop-Protocol', 'Stop-Local-Shutdown')),
      reserved(1),
      reserved(2),
    ],
  },
  'stop-control-connection-reply': {
    code: 4,
    title: 'Stop-Control-Connection-Reply',
    fields: [number('resultCode', 1, 'Result Code', 'stop_result', okResult), errorCode, reserved(2)],
  },
  'echo-request': { code: 5, title: 'Echo-Request', fields: [identifier] },
  'echo-reply': {
    code: 6,
    title: 'Echo-Reply',
    fields: [identifier, number('resultCode', 1, 'Result Code', 'echo_result', okResult), errorCode, reserved(2)],
  },
  'outgoing-call-request': {
    code: 7,
    title: 'Outgoing-Call-Request',
    fields: [
      callId,
      callSerialNumber,
      number('minimumBps', 4, 'Minimum BPS', 'minimum_bps'),
      number('maximumBps', 4, 'Maximum BPS', 'maximum_bps'),
      bearerType,
      framingType,
      windowSize,
      processingDelay,
      number('phoneNumberLength', 2, 'Phone Number Length', 'phone_number_length'),
      reserved(2),
      text('phoneNumber', 64, 'Phone Number', 'phone_number'),
      subaddress,
    ],
  },
  'outgoing-call-reply': {
    code: 8,
    title: 'Outgoing-Call-Reply',
    fields: [
      callId,
      peerCallId,
      number('resultCode', 1, 'Result Code', 'out_result', outResult),
      errorCode,
      causeCode,
      connectSpeed,
      windowSize,
      processingDelay,
      physicalChannelId,
    ],
  },
  'incoming-call-request': {
    code: 9,
    title: 'Incoming-Call-Request',
    fields: [
      callId,
      callSerialNumber,
      bearerType,
      physicalChannelId,
      number('dialedNumberLength', 2, 'Dialed Number Length', 'dialed_number_length'),
      number('dialingNumberLength', 2, 'Dialing Number Length', 'dialing_number_length'),
      text('dialedNumber', 64, 'Dialed Number', 'dialed_number'),
      text('dialingNumber', 64, 'Dialing Number', 'dialing_number'),
      subaddress,
    ],
  },
  'incoming-call-reply': {
    code: 10,
    title: 'Incoming-Call-Reply',
    fields: [
      callId,
      peerCallId,
      number('resultCode', 1, 'Result Code', 'in_result', oneOf('Connect', 'General error', 'Do Not Accept')),
      errorCode,
      windowSize,
      processingDelay,
      reserved(2),
    ],
  },
  'incoming-call-connected': {
    code: 11,
    title: 'Incoming-Call-Connected',
    fields: [peerCallId, reserved(2), connectSpeed, windowSize, processingDelay, framingType],
  },
  'call-clear-request': { code: 12, title: 'Call-Clear-Request', fields: [callId, reserved(2)] },
  'call-disconnect-notify': {
    code: 13,
    title: 'Call-Disconnect-Notify',
    fields: [
      callId,
      number(
        'resultCode',
        1,
        'Result Code',
        'disc_result',
        oneOf('Lost Carrier', 'General Error', 'Admin Shutdown', 'Request'),
      ),
      errorCode,
      causeCode,
      reserved(2),
      text('callStatistics', 128, 'Call Statistics', 'call_Statistics'),
    ],
  },
  'wan-error-notify': {
    code: 14,
    title: 'WAN-Error-Notify',
    fields: [
      peerCallId,
      reserved(2),
      number('crcErrors', 4, 'CRC Errors', 'crc_errors'),
      number('framingErrors', 4, 'Framing Errors', 'framing_errors'),
      number('hardwareOverruns', 4, 'Hardware overruns', 'hardware_overruns'),
      number('bufferOverruns', 4, 'Buffer overruns', 'buffer_overruns'),
      number('timeoutErrors', 4, 'Time-out Errors', 'timeout_errors'),
      number('alignmentErrors', 4, 'Alignment Errors', 'alignment_errors'),
    ],
  },
  'set-link-info': {
    code: 15,
    title: 'Set-Link-Info',
    fields: [
      peerCallId,
      reserved(2),
      number('sendAccm', 4, 'Send ACCM', 'send_accm', hex32),
      number('receiveAccm', 4, 'Receive ACCM', 'receive_accm', hex32),
    ],
  },
} as const satisfies Record<
  string,
  { readonly code: number; readonly title: string; readonly fields: readonly spec.FieldSpec[] }
>;

export type Kind = keyof typeof MESSAGES;

type MessageOf<K extends Kind> = { readonly kind: K } & spec.RecordOf<(typeof MESSAGES)[K]['fields']>;

/** One of the fifteen, told apart by `kind`; field names are those of RFC 2637. */
export type Message = { [K in Kind]: MessageOf<K> }[Kind];
