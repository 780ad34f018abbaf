/** SHA-256 (FIPS 180-4) of a text in ASCII: pages that are opened from a disk may not have the browser's own. */
globalThis.DLC.part(function (DLC) {
  "use strict";

  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);

  /** The first 32 bits of what stands behind the point of the number whose power is the prime: by whole numbers. */
  function fraction(prime, power) {
    const shift = 32n * BigInt(power);
    let [low, high] = [0n, BigInt(prime) << 32n];
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(power) <= BigInt(prime) << shift) low = middle;
      else high = middle;
    }
    return Number(BigInt.asUintN(32, low)) | 0;
  }

  const ROUNDS = primes.map((p) => fraction(p, 3));
  const START = primes.slice(0, 8).map((p) => fraction(p, 2));
  const turned = (x, n) => (x >>> n) | (x << (32 - n));

  /** The sixty-four words of a block. */
  function schedule(bytes, from) {
    const words = [];
    for (let t = 0; t < 16; t += 1) {
      const i = from + 4 * t;
      words.push((bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3]);
    }
    for (let t = 16; t < 64; t += 1) {
      const [x, y] = [words[t - 15], words[t - 2]];
      const small = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
      const large = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
      words.push((words[t - 16] + small + words[t - 7] + large) | 0);
    }
    return words;
  }

  /** The hash after one more block. */
  function compressed(hash, words) {
    let [a, b, c, d, e, f, g, h] = hash;
    words.forEach((word, t) => {
      const chosen = (e & f) ^ (~e & g);
      const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + ROUNDS[t] + word) | 0;
      const most = (a & b) ^ (a & c) ^ (b & c);
      const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + most) | 0;
      [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
    });
    return [a, b, c, d, e, f, g, h].map((x, i) => (x + hash[i]) | 0);
  }

  /** The digest in hexadecimal digits. @param {string} text in ASCII */
  DLC.sha256 = function (text) {
    const size = (((text.length + 8) >> 6) + 1) << 6;
    const bytes = new Uint8Array(size);
    for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
    bytes[text.length] = 128;
    new DataView(bytes.buffer).setUint32(size - 4, 8 * text.length);
    let hash = START;
    for (let from = 0; from < size; from += 64) hash = compressed(hash, schedule(bytes, from));
    return hash.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  };
});
