// A small HTTP client on plain sockets: keeps its connection and its cookie, and can be many at once without being the bottleneck.
import { connect } from 'node:net';

export class Client {
  constructor(port) {
    this.port = port;
    this.cookie = '';
  }

  /** One request on a connection that is kept; answers { status, headers, body }. */
  async request(text) {
    // A connection that was idle for long is closed by the server.
    if (!this.socket?.writable) this.socket = await this.open();
    const socket = this.socket;
    return new Promise((done, failed) => {
      let seen = Buffer.alloc(0);
      let need = -1;
      let head = '';
      const data = (chunk) => {
        seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
        if (need < 0) {
          const end = seen.indexOf('\r\n\r\n');
          if (end < 0) return;
          head = seen.subarray(0, end).toString('latin1');
          need = end + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
        }
        if (seen.length < need) return;
        stop();
        const set = /^set-cookie: ([^;\r\n]+)/im.exec(head)?.[1];
        if (set) this.cookie = set;
        const bodyStart = seen.indexOf('\r\n\r\n') + 4;
        done({ status: Number(head.slice(9, 12)), location: /^location: (.*)$/im.exec(head)?.[1], get body() { return seen.subarray(bodyStart).toString(); } });
      };
      const gone = () => { stop(); this.socket = undefined; failed(new Error('the server closed the connection')); };
      const stop = () => { socket.off('data', data); socket.off('close', gone); };
      socket.on('data', data);
      socket.on('close', gone);
      socket.write(text);
    });
  }

  open() {
    return new Promise((done, failed) => {
      const socket = connect(this.port, '127.0.0.1', () => done(socket));
      socket.setNoDelay(true);
      socket.on('error', failed);
    });
  }

  get(path) {
    return this.request(this.head('GET', path));
  }

  post(path, fields, more = {}) {
    const body = new URLSearchParams(fields).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body), 'sec-fetch-site': 'same-origin', ...more };
    return this.request(this.head('POST', path, headers) + body);
  }

  head(method, path, more = {}) {
    const lines = Object.entries({ host: `127.0.0.1:${this.port}`, cookie: this.cookie, ...more }).map(([k, v]) => `${k}: ${v}\r\n`);
    return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  }

  /** Asks and goes away before the answer. */
  async abort(path) {
    const socket = await this.open();
    socket.write(this.head('GET', path));
    socket.destroy();
  }
}

/** `connections` ask for a path as fast as they are answered, for some seconds. */
export async function load(port, signedIn, path, connections, seconds) {
  const times = [];
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new Client(port);
      client.cookie = signedIn.cookie;
      while (performance.now() - begin < seconds * 1000) {
        const from = performance.now();
        const answer = await client.get(path);
        if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
        times.push(performance.now() - from);
      }
    }),
  );
  return { rate: times.length / ((performance.now() - begin) / 1000), times };
}
