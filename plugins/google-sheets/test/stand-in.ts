import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { Plain } from '@valehub/connector-kit';
import { type Platform, type PlatformReply, type PlatformRequest, startPlatform, tokenDesk } from '@valehub/connector-kit/testing';

type Json = { readonly [name: string]: Plain };
type Cell = string | number | boolean;

export interface GoogleSheetsOptions {
  readonly port?: number;
  readonly now?: () => number;
  /** An hour where left out. */
  readonly tokenLifeMs?: number;
  /** Sheets that are there from the start, with their rows. */
  readonly sheets?: Readonly<Record<string, readonly (readonly Cell[])[]>>;
  /** Requests a minute. */
  readonly quota?: number;
}

interface Grid {
  readonly id: number;
  title: string;
  rows: Cell[][];
  columns: number;
}

export interface GoogleSheetsStandIn extends Platform {
  readonly spreadsheetId: string;
  readonly serviceAccount: string;
  /** What a connection to it enters. */
  readonly settings: { readonly serviceAccountKey: string; readonly spreadsheetId: string; readonly apiBaseUrl: string };
  /** What a person would see; undefined where there is no such sheet. */
  rows(title: string): readonly (readonly Cell[])[] | undefined;
  /** As a person types it, over what was there. */
  type(title: string, row: number, column: number, value: Cell): void;
  renameSheet(title: string, to: string): void;
  /** The person takes the service account off the spreadsheet. */
  unshare(): void;
  revokeTokens(): void;
}

export const newKeyPair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const SPREADSHEET = 'spreadsheet-of-the-stand-in-0001';
const ACCOUNT = 'valehub@stand-in.iam.example.com';
const error = (code: number, status: string, message: string): PlatformReply => ({
  status: code,
  body: { error: { code, status, message } },
});
const isJson = (value: Plain | undefined): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const part = (text: string): Json => JSON.parse(Buffer.from(text, 'base64url').toString()) as Json;

/** `'Title'!A1:B2`, `1:2` and `A2:A` of one sheet; rows and columns from 1. */
function parsed(range: string) {
  const match = /^'((?:[^']|'')*)'!([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?$/.exec(range);
  if (!match) return undefined;
  const [, title = '', left = '', top = '', right = left, bottom = top] = match;
  const number = (letters: string): number | undefined =>
    letters === '' ? undefined : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  return {
    title: title.replaceAll("''", "'"),
    top: Number(top || '1'),
    bottom: bottom === '' ? Number.POSITIVE_INFINITY : Number(bottom),
    left: number(left) ?? 1,
    right: number(right) ?? Number.POSITIVE_INFINITY,
  };
}

/** One spreadsheet on this machine that keeps what is written: a log-in by assertion, sheets, headers, appended rows. */
export async function startGoogleSheets(options: GoogleSheetsOptions = {}): Promise<GoogleSheetsStandIn> {
  const now = options.now ?? Date.now;
  const desk = tokenDesk({ lifeMs: options.tokenLifeMs ?? 3_600_000, now, name: 'google' });
  const pair = newKeyPair();
  let isShared = true;
  let nextId = 0;
  const grids: Grid[] = [];
  function open(title: string, rows: readonly (readonly Cell[])[] = [], columns = 26): Grid {
    const grid = { id: nextId, title, rows: rows.map((row) => [...row]), columns };
    nextId += 1;
    grids.push(grid);
    return grid;
  }
  for (const [title, rows] of Object.entries(options.sheets ?? { Sheet1: [] })) open(title, rows);
  const gridOf = (title: string): Grid | undefined => grids.find((grid) => grid.title.toLowerCase() === title.toLowerCase());
  const shown = ({ id, title, rows, columns }: Grid): Json => ({
    properties: { sheetId: id, title, gridProperties: { rowCount: Math.max(1000, rows.length), columnCount: columns } },
  });

  function token(request: PlatformRequest): PlatformReply {
    const [head = '', claims = '', signature = ''] = (request.form().get('assertion') ?? '').split('.');
    if (request.form().get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return { status: 400, body: { error: 'unsupported_grant_type' } };
    const good = verify('sha256', Buffer.from(`${head}.${claims}`), createPublicKey(pair.publicKey), Buffer.from(signature, 'base64url'));
    if (!good) return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
    const { iss, aud, exp, iat, scope } = part(claims);
    const seconds = now() / 1000;
    const inTime = Number(iat) <= seconds + 300 && Number(exp) > seconds && Number(exp) - Number(iat) <= 3600;
    if (iss !== ACCOUNT || aud !== 'https://oauth2.googleapis.com/token' || !inTime || part(head)['alg'] !== 'RS256')
      return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT: Token must be a short-lived token.' } };
    if (scope !== 'https://www.googleapis.com/auth/spreadsheets') return { status: 400, body: { error: 'invalid_scope' } };
    const given = desk.give();
    return { body: { access_token: given.access, expires_in: given.seconds, token_type: 'Bearer' } };
  }

  function inSpreadsheet(handle: (request: PlatformRequest) => PlatformReply) {
    return (request: PlatformRequest): PlatformReply => {
      if (request.params['id'] !== SPREADSHEET) return error(404, 'NOT_FOUND', 'Requested entity was not found.');
      return isShared ? handle(request) : error(403, 'PERMISSION_DENIED', 'The caller does not have permission');
    };
  }

  function within(
    request: PlatformRequest,
    handle: (grid: Grid, at: NonNullable<ReturnType<typeof parsed>>) => PlatformReply,
  ): PlatformReply {
    const range = request.params['range'] ?? '';
    const at = parsed(range);
    const grid = at && gridOf(at.title);
    return at && grid ? handle(grid, at) : error(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
  }

  const trimmed = (row: readonly Cell[]): Cell[] => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1);
  const rowsOf = (request: PlatformRequest): Cell[][] => {
    const given = request.json();
    return isJson(given) && Array.isArray(given['values']) ? (given['values'] as unknown as Cell[][]) : [];
  };

  function read(request: PlatformRequest): PlatformReply {
    return within(request, ({ rows }, { top, bottom, left, right }) => {
      const values = rows.slice(top - 1, bottom).map((row) => trimmed(row.slice(left - 1, right)));
      const last = values.findLastIndex((row) => row.length > 0);
      return {
        body: { range: request.params['range'] ?? '', majorDimension: 'ROWS', ...(last < 0 ? {} : { values: values.slice(0, last + 1) }) },
      };
    });
  }

  function update(request: PlatformRequest): PlatformReply {
    if (request.query.get('valueInputOption') !== 'RAW') return error(400, 'INVALID_ARGUMENT', 'This stand-in takes RAW only.');
    return within(request, (grid, { top, left }) => {
      for (const [down, cells] of rowsOf(request).entries()) {
        if (left - 1 + cells.length > grid.columns) return error(400, 'INVALID_ARGUMENT', 'Range exceeds grid limits.');
        while (grid.rows.length < top + down) grid.rows.push([]);
        const row = grid.rows[top - 1 + down] ?? [];
        for (const [right, cell] of cells.entries()) row[left - 1 + right] = cell;
        for (let index = 0; index < row.length; index += 1) row[index] ??= '';
      }
      return { body: { spreadsheetId: SPREADSHEET, updatedRange: request.params['range'] ?? '' } };
    });
  }

  /** Behind the table that begins in A1: up to the first empty row; what stands below is moved down. */
  function append(request: PlatformRequest): PlatformReply {
    if (request.query.get('valueInputOption') !== 'RAW' || request.query.get('insertDataOption') !== 'INSERT_ROWS')
      return error(400, 'INVALID_ARGUMENT', 'This stand-in takes RAW and INSERT_ROWS only.');
    return within(request, (grid) => {
      const end = grid.rows.findIndex((row) => trimmed(row).length === 0);
      const at = end < 0 ? grid.rows.length : end;
      const rows = rowsOf(request);
      grid.rows.splice(at, 0, ...rows.map((row) => [...row]));
      return {
        body: {
          spreadsheetId: SPREADSHEET,
          updates: { updatedRange: `'${grid.title}'!A${at + 1}:A${at + rows.length}`, updatedRows: rows.length },
        },
      };
    });
  }

  function batchUpdate(request: PlatformRequest): PlatformReply {
    const given = request.json();
    const [first] = isJson(given) && Array.isArray(given['requests']) ? given['requests'] : [];
    if (!isJson(first)) return error(400, 'INVALID_ARGUMENT', 'Must specify at least one request.');
    const make = isJson(first['addSheet']) ? first['addSheet']['properties'] : undefined;
    if (isJson(make)) {
      const title = String(make['title']);
      if (gridOf(title))
        return error(
          400,
          'INVALID_ARGUMENT',
          `Invalid requests[0].addSheet: A sheet with the name "${title}" already exists. Please enter another name.`,
        );
      const size = make['gridProperties'];
      return {
        body: {
          spreadsheetId: SPREADSHEET,
          replies: [{ addSheet: shown(open(title, [], isJson(size) ? Number(size['columnCount']) : 26)) }],
        },
      };
    }
    const more = first['appendDimension'];
    const grid = isJson(more) ? grids.find(({ id }) => id === more['sheetId']) : undefined;
    if (!grid || !isJson(more)) return error(400, 'INVALID_ARGUMENT', 'Invalid requests[0]: No grid with id.');
    grid.columns += Number(more['length']);
    return { body: { spreadsheetId: SPREADSHEET, replies: [{}] } };
  }

  const base = 'v4/spreadsheets/:id';
  const quota = options.quota;
  const platform = await startPlatform(
    {
      now,
      authorised: ({ headers }) => desk.isGood(headers['authorization']?.replace(/^Bearer /, '')),
      refusal: error(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
      ...(quota === undefined
        ? {}
        : {
            rate: {
              requests: quota,
              everyMs: 60_000,
              reply: () => error(429, 'RESOURCE_EXHAUSTED', "Quota exceeded for quota metric 'Write requests'."),
            },
          }),
      routes: [
        { at: 'POST /token', open: true, handle: token },
        {
          at: `GET /${base}`,
          handle: inSpreadsheet(() => ({
            body: {
              spreadsheetId: SPREADSHEET,
              properties: { title: 'Vouchers of Casa Pepa', locale: 'es_ES', timeZone: 'Europe/Madrid' },
              sheets: grids.map(shown),
            },
          })),
        },
        { at: `GET /${base}/values/:range`, handle: inSpreadsheet(read) },
        { at: `PUT /${base}/values/:range`, handle: inSpreadsheet(update) },
        // A route's name takes what follows it too: `'Sheet'!A1:append`.
        { at: `POST /${base}/values/:range`, handle: inSpreadsheet(appendTo) },
        {
          at: `POST /v4/spreadsheets/:id`,
          handle: (request) =>
            inSpreadsheet(batchUpdate)({ ...request, params: { id: (request.params['id'] ?? '').replace(/:batchUpdate$/, '') } }),
        },
      ],
    },
    options.port,
  );

  function appendTo(request: PlatformRequest): PlatformReply {
    const range = request.params['range'] ?? '';
    if (!range.endsWith(':append')) return { status: 404, body: {} };
    return append({ ...request, params: { ...request.params, range: range.slice(0, -':append'.length) } });
  }

  const key = {
    type: 'service_account',
    client_email: ACCOUNT,
    private_key_id: 'key-1',
    private_key: pair.privateKey,
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  return {
    ...platform,
    spreadsheetId: SPREADSHEET,
    serviceAccount: ACCOUNT,
    settings: { serviceAccountKey: JSON.stringify(key, null, 2), spreadsheetId: SPREADSHEET, apiBaseUrl: platform.url },
    rows: (title) => gridOf(title)?.rows,
    type(title, row, column, value) {
      const grid = gridOf(title);
      if (!grid) throw new Error(`There is no sheet ${title}.`);
      while (grid.rows.length < row) grid.rows.push([]);
      const cells = grid.rows[row - 1] ?? [];
      while (cells.length < column) cells.push('');
      cells[column - 1] = value;
    },
    renameSheet(title, to) {
      const grid = gridOf(title);
      if (grid) grid.title = to;
    },
    unshare() {
      isShared = false;
    },
    revokeTokens: () => desk.revokeAll(),
  };
}
