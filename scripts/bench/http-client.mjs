// The least HTTP client that does: kept connections, one request at a time on each, answers with a Content-Length.
import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

export class HttpClient {
  #socket;
  #waiting;
  #received = Buffer.alloc(0);

  constructor(url) {
    const { hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname).setNoDelay();
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (fault) => this.#waiting?.reject(fault));
    this.#socket.on('close', () => this.#waiting?.reject(new Error('The hub closed the connection.')));
  }

  /** Resolves with the status and the body's text. `headers`: further ones, by name. */
  post(path, key, body, headers = {}) {
    const further = Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(
        `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAuthorization: Bearer ${key}\r\n${further}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  close() {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf(HEAD_END);
    if (end === -1) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(length)) return this.#waiting?.reject(new Error(`An answer without a length:\n${head}`));
    const size = end + HEAD_END.length + length;
    if (this.#received.length < size) return;
    const body = this.#received.toString('utf8', end + HEAD_END.length, size);
    this.#received = this.#received.subarray(size);
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve({ status: Number(head.slice(9, 12)), body });
  }
}
