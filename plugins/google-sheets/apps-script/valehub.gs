/**
 * Valehub for Google Sheets: tells the hub of rows that people add or change in this spreadsheet.
 *
 * How to use it
 *   1. Extensions > Apps Script, paste this file.
 *   2. Project Settings > Script Properties:
 *        VALEHUB_ADDRESS  the webhook address of the connection
 *        VALEHUB_SECRET   the secret that the connection knows as "Script's secret"
 *        VALEHUB_SHEETS   names of the sheets to watch, with commas; left out: all
 *        VALEHUB_COLUMNS  names of the columns whose values are sent, with commas; left out: none.
 *                         Name none that holds personal data: what is sent becomes part of the hub's ledger.
 *   3. Choose the function setUp and press Run. It runs in the name of whoever does this.
 *
 * What it sees: edits, pastes and forms of people. What the hub or another program writes fires no trigger, so the hub never hears
 * its own rows. Google does not say which rows were deleted, so deletions are not told.
 *
 * What cannot be delivered is kept in the script's properties and sent again every five minutes, for a week.
 */

const PENDING = 'VALEHUB_PENDING ';
const MOST_IN_ONE = 50;
const LONGEST = 1000;
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** Run this once, and again after the sheet was copied. */
function setUp() {
  settings_();
  const handlers = ['rowEdited', 'formSubmitted', 'sendPending'];
  ScriptApp.getProjectTriggers().forEach((trigger) => {
    if (handlers.includes(trigger.getHandlerFunction())) ScriptApp.deleteTrigger(trigger);
  });
  const spreadsheet = SpreadsheetApp.getActive();
  ScriptApp.newTrigger('rowEdited').forSpreadsheet(spreadsheet).onEdit().create();
  ScriptApp.newTrigger('formSubmitted').forSpreadsheet(spreadsheet).onFormSubmit().create();
  ScriptApp.newTrigger('sendPending').timeBased().everyMinutes(5).create();
}

/** By the trigger: a person has edited cells or pasted some. */
function rowEdited(e) {
  const range = e.range;
  // A key where none stood before begins a row. Of a paste Google does not tell what stood there, so it counts as new too.
  const isNew = range.getColumn() === 1 && e.oldValue === undefined;
  report_(range, isNew ? 'row.added' : 'row.changed');
}

/** By the trigger: somebody has sent a form that is linked to the spreadsheet. */
function formSubmitted(e) {
  report_(e.range, 'row.added');
}

/** By the trigger, every five minutes: what could not be delivered. */
function sendPending() {
  const lock = LockService.getScriptLock();
  if (!lock.tryLock(10000)) return;
  try {
    const properties = PropertiesService.getScriptProperties();
    dropOld_(properties);
    for (;;) {
      const names = pendingNames_(properties).slice(0, MOST_IN_ONE);
      if (names.length === 0) return;
      const events = names.map((name) => JSON.parse(properties.getProperty(name)));
      if (!send_(events)) return;
      names.forEach((name) => {
        properties.deleteProperty(name);
      });
    }
  } finally {
    lock.releaseLock();
  }
}

function report_(range, type) {
  const sheet = range.getSheet();
  const watched = settings_();
  if (watched.sheets.length > 0 && !watched.sheets.includes(sheet.getName())) return;
  const first = Math.max(range.getRow(), 2);
  const last = range.getLastRow();
  const width = sheet.getLastColumn();
  // The first row is the header; a sheet without one has no columns to name.
  if (first > last || width === 0) return;
  const header = sheet.getRange(1, 1, 1, width).getValues()[0].map(String);
  const rows = sheet.getRange(first, 1, last - first + 1, width).getValues();
  const changed = header.slice(range.getColumn() - 1, range.getLastColumn()).filter(String);
  const at = new Date().toISOString();
  const pending = {};
  rows.forEach((cells, index) => {
    // Without a key nobody could say which row it is.
    if (cells[0] === '') return;
    const event = {
      id: Utilities.getUuid(),
      type: type,
      at: at,
      sheet: sheet.getName(),
      row: first + index,
      key: String(plain_(cells[0])),
      changed: changed,
      values: values_(header, cells, watched.columns),
    };
    pending[`${PENDING}${at} ${String(index).padStart(6, '0')} ${event.id}`] = JSON.stringify(event);
  });
  // Kept first and sent then: a script may be stopped at any moment.
  PropertiesService.getScriptProperties().setProperties(pending, false);
  sendPending();
}

function values_(header, cells, columns) {
  const values = {};
  columns.forEach((name) => {
    const index = header.indexOf(name);
    if (index >= 0) values[name] = plain_(cells[index]);
  });
  return values;
}

/** As it may stand in JSON, and within what a property holds. */
function plain_(cell) {
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'string' ? cell.slice(0, LONGEST) : cell;
}

/** Whether the hub has taken them. Each try is signed anew, as the hub refuses what was signed more than five minutes ago. */
function send_(events) {
  const to = settings_();
  const body = JSON.stringify({ spreadsheetId: SpreadsheetApp.getActive().getId(), events: events });
  const time = String(Date.now());
  try {
    const response = UrlFetchApp.fetch(to.address, {
      method: 'post',
      contentType: 'application/json',
      payload: body,
      headers: { 'X-Valehub-Time': time, 'X-Valehub-Signature': signature_(`${time}.${body}`, to.secret) },
      muteHttpExceptions: true,
      followRedirects: false,
    });
    const status = response.getResponseCode();
    if (status >= 200 && status < 300) return true;
    console.error(`The hub answered ${status}: ${events.length} changes are kept and sent again.`);
  } catch {
    console.error(`The hub could not be reached: ${events.length} changes are kept and sent again.`);
  }
  return false;
}

/** HMAC-SHA256 in hex. Google gives signed bytes. */
function signature_(text, secret) {
  return Utilities.computeHmacSha256Signature(text, secret, Utilities.Charset.UTF_8)
    .map((byte) => (byte & 255).toString(16).padStart(2, '0'))
    .join('');
}

/** Oldest first: their names begin with their time. */
function pendingNames_(properties) {
  return properties
    .getKeys()
    .filter((name) => name.startsWith(PENDING))
    .sort();
}

function dropOld_(properties) {
  const limit = `${PENDING}${new Date(Date.now() - KEPT_MS).toISOString()}`;
  const old = pendingNames_(properties).filter((name) => name < limit);
  if (old.length > 0) console.error(`${old.length} changes could not be delivered for a week and are given up.`);
  old.forEach((name) => {
    properties.deleteProperty(name);
  });
}

function settings_() {
  const all = PropertiesService.getScriptProperties().getProperties();
  const list = (text) =>
    (text || '')
      .split(',')
      .map((name) => name.trim())
      .filter(String);
  if (!all.VALEHUB_ADDRESS || !all.VALEHUB_SECRET)
    throw new Error('Enter VALEHUB_ADDRESS and VALEHUB_SECRET under Project Settings > Script Properties.');
  return { address: all.VALEHUB_ADDRESS, secret: all.VALEHUB_SECRET, sheets: list(all.VALEHUB_SHEETS), columns: list(all.VALEHUB_COLUMNS) };
}
