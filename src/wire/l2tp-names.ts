/** Messages and attribute-value pairs of L2TP: RFC 2661 §3.2, §4.4 and RFC 3931 §3.1, §5.4. @module */

/** By their usual short names. */
export const MESSAGE_TYPES: Readonly<Record<number, string>> = {
  1: 'SCCRQ',
  2: 'SCCRP',
  3: 'SCCCN',
  4: 'StopCCN',
  6: 'HELLO',
  7: 'OCRQ',
  8: 'OCRP',
  9: 'OCCN',
  10: 'ICRQ',
  11: 'ICRP',
  12: 'ICCN',
  14: 'CDN',
  15: 'WEN',
  16: 'SLI',
  20: 'ACK',
};

/** How the value of an AVP is written. `bytes` is whatever has no shorter description, some of it with parts. */
export type AvpForm = 'u8' | 'u16' | 'u32' | 'u64' | 'ipv4' | 'text' | 'bytes';

/** One number inside a `bytes` value. */
export interface AvpPart {
  readonly size: 1 | 2 | 4;
  readonly name: string;
  readonly key: string;
}

export interface AvpName {
  readonly name: string;
  /** Key of the value's field. */
  readonly key: string;
  readonly form: AvpForm;
  /** The M bit as the RFC asks for it. */
  readonly mandatory: boolean;
  readonly values?: Readonly<Record<number, string>>;
  readonly flags?: readonly { readonly name: string; readonly key: string; readonly mask: number }[];
  readonly parts?: readonly AvpPart[];
  /** What comes behind the parts: text, or nothing that has a name. */
  readonly tail?: { readonly name: string; readonly key: string };
}

function avp(name: string, key: string, form: AvpForm, mandatory = true): AvpName {
  return { name, key: `l2tp.${key}`, form, mandatory };
}

function bit(name: string, key: string, mask: number) {
  return { name, key: `l2tp.avp.${key}`, mask };
}

function part(size: 1 | 2 | 4, name: string, key: string): AvpPart {
  return { size, name, key: `l2tp.${key}` };
}

/** RFC 2661 §4.4.2: what StopCCN and CDN give as reason share numbers but not meanings; these are the general errors. */
const RESULT = [part(2, 'Result code', 'result_code'), part(2, 'Error code', 'avp.error_code')];

const CALL_ERRORS = [
  part(2, 'Reserved', 'avp.reserved'),
  part(4, 'CRC Errors', 'avp.crc_errors'),
  part(4, 'Framing Errors', 'avp.framing_errors'),
  part(4, 'Hardware Overruns', 'avp.hardware_overruns'),
  part(4, 'Buffer Overruns', 'avp.buffer_overruns'),
  part(4, 'Time-out Errors', 'avp.time_out_errors'),
  part(4, 'Alignment Errors', 'avp.alignment_errors'),
];

const ACCM = [
  part(2, 'Reserved', 'avp.reserved'),
  part(4, 'Send ACCM', 'avp.send_accm'),
  part(4, 'Receive ACCM', 'avp.receive_accm'),
];

const PSEUDOWIRES: Readonly<Record<number, string>> = {
  1: 'Frame Relay DLCI',
  4: 'Ethernet VLAN',
  5: 'Ethernet',
  6: 'HDLC',
  7: 'PPP',
  11: 'IP Transport',
};

/** AVPs of vendor 0 by type. */
export const AVPS: Readonly<Record<number, AvpName>> = {
  0: { ...avp('Message Type', 'avp.message_type', 'u16'), values: MESSAGE_TYPES },
  1: {
    ...avp('Result Code', 'avp.result', 'bytes'),
    parts: RESULT,
    tail: { name: 'Error Message', key: 'l2tp.avp.error_message' },
  },
  2: {
    ...avp('Protocol Version', 'avp.version', 'bytes'),
    parts: [part(1, 'Version', 'avp.protocol_version'), part(1, 'Revision', 'avp.protocol_revision')],
  },
  3: {
    ...avp('Framing Capabilities', 'avp.framing_capabilities', 'u32'),
    flags: [
      bit('Async Framing Supported', 'async_framing_supported', 2),
      bit('Sync Framing Supported', 'sync_framing_supported', 1),
    ],
  },
  4: {
    ...avp('Bearer Capabilities', 'avp.bearer_capabilities', 'u32'),
    flags: [
      bit('Analog Access Supported', 'analog_access_supported', 2),
      bit('Digital Access Supported', 'digital_access_supported', 1),
    ],
  },
  5: avp('Tie Breaker', 'tie_breaker', 'u64', false),
  6: avp('Firmware Revision', 'avp.firmware_revision', 'u16', false),
  7: avp('Host Name', 'avp.host_name', 'text'),
  8: avp('Vendor Name', 'avp.vendor_name', 'text', false),
  9: avp('Assigned Tunnel ID', 'avp.assigned_tunnel_id', 'u16'),
  10: avp('Receive Window Size', 'avp.receive_window_size', 'u16'),
  11: avp('Challenge', 'avp.chap_challenge', 'bytes'),
  12: {
    ...avp('Q.931 Cause Code', 'avp.cause', 'bytes'),
    parts: [part(2, 'Cause Code', 'avp.cause_code'), part(1, 'Cause Msg', 'avp.cause_msg')],
    tail: { name: 'Advisory Msg', key: 'l2tp.avp.advisory_msg' },
  },
  13: avp('Challenge Response', 'avp.chap_challenge_response', 'bytes'),
  14: avp('Assigned Session ID', 'avp.assigned_session_id', 'u16'),
  15: avp('Call Serial Number', 'avp.call_serial_number', 'u32'),
  16: avp('Minimum BPS', 'avp.minimum_bps', 'u32'),
  17: avp('Maximum BPS', 'avp.maximum_bps', 'u32'),
  18: {
    ...avp('Bearer Type', 'avp.bearer_type', 'u32'),
    flags: [bit('Analog Bearer Type', 'analog_bearer_type', 2), bit('Digital Bearer Type', 'digital_bearer_type', 1)],
  },
  19: {
    ...avp('Framing Type', 'avp.framing_type', 'u32'),
    flags: [bit('Async Framing Type', 'async_framing_type', 2), bit('Sync Framing Type', 'sync_framing_type', 1)],
  },
  21: avp('Called Number', 'avp.called_number', 'text'),
  22: avp('Calling Number', 'avp.calling_number', 'text'),
  23: avp('Sub-Address', 'avp.sub_address', 'text'),
  24: avp('Tx Connect Speed', 'avp.connect_speed', 'u32'),
  25: avp('Physical Channel ID', 'avp.physical_channel', 'u32', false),
  26: avp('Initial Received LCP CONFREQ', 'avp.initial_received_lcp_confreq', 'bytes', false),
  27: avp('Last Sent LCP CONFREQ', 'avp.last_sent_lcp_confreq', 'bytes', false),
  28: avp('Last Received LCP CONFREQ', 'avp.last_received_lcp_confreq', 'bytes', false),
  29: avp('Proxy Authen Type', 'avp.proxy_authen_type', 'u16', false),
  30: avp('Proxy Authen Name', 'avp.proxy_authen_name', 'text', false),
  31: avp('Proxy Authen Challenge', 'avp.proxy_authen_challenge', 'bytes', false),
  32: {
    ...avp('Proxy Authen ID', 'avp.proxy_authen', 'bytes', false),
    parts: [part(1, 'Reserved', 'avp.reserved'), part(1, 'Proxy Authen ID', 'avp.proxy_authen_id')],
  },
  33: avp('Proxy Authen Response', 'avp.proxy_authen_response', 'bytes', false),
  34: { ...avp('Call Errors', 'avp.call_errors', 'bytes'), parts: CALL_ERRORS },
  35: { ...avp('ACCM', 'avp.accm', 'bytes'), parts: ACCM },
  36: avp('Random Vector', 'avp.random_vector', 'bytes'),
  37: avp('Private Group ID', 'avp.private_group_id', 'bytes', false),
  38: avp('Rx Connect Speed', 'avp.rx_connect_speed', 'u32', false),
  39: avp('Sequencing Required', 'avp.sequencing_required', 'bytes'),
  46: {
    ...avp('PPP Disconnect Cause Code', 'avp.ppp_disconnect', 'bytes', false),
    parts: [
      part(2, 'Disconnect Code', 'avp.disconnect_code'),
      part(2, 'Control Protocol Number', 'avp.control_protocol_number'),
      part(1, 'Direction', 'avp.cause_code_direction'),
    ],
    tail: { name: 'Message', key: 'l2tp.avp.cause_code_message' },
  },
  58: avp('Extended Vendor ID', 'avp.extended_vendor_id', 'bytes', false),
  59: avp('Message Digest', 'avp.message_digest', 'bytes'),
  60: avp('Router ID', 'avp.router_id', 'ipv4'),
  61: avp('Assigned Control Connection ID', 'avp.assigned_control_conn_id', 'u32'),
  62: avp('Pseudowire Capabilities List', 'avp.pw_types', 'bytes'),
  63: avp('Local Session ID', 'avp.local_session_id', 'u32'),
  64: avp('Remote Session ID', 'avp.remote_session_id', 'u32'),
  65: avp('Assigned Cookie', 'avp.assigned_cookie', 'bytes'),
  66: avp('Remote End ID', 'avp.remote_end_id', 'text'),
  68: { ...avp('Pseudowire Type', 'avp.pseudowire_type', 'u16'), values: PSEUDOWIRES },
  69: {
    ...avp('L2-Specific Sublayer', 'avp.layer2_specific_sublayer', 'u16'),
    values: { 0: 'None', 1: 'Default' },
  },
  70: { ...avp('Data Sequencing', 'avp.data_sequencing', 'u16'), values: { 0: 'None', 1: 'Non-IP', 2: 'All' } },
  71: {
    ...avp('Circuit Status', 'avp.circuit', 'u16'),
    flags: [bit('New', 'circuit_type', 2), bit('Active', 'circuit_status', 1)],
  },
  72: avp('Preferred Language', 'avp.preferred_language', 'text', false),
  73: avp('Control Message Authentication Nonce', 'avp.nonce', 'bytes'),
  74: avp('Tx Connect Speed', 'avp.tx_connect_speed_v3', 'u64', false),
  75: avp('Rx Connect Speed', 'avp.rx_connect_speed_v3', 'u64', false),
};
