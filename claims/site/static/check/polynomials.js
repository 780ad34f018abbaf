/**
 * Polynomials with rational coefficients: a map from monomials, written like "x^2*y", to coefficients that are not 0;
 * and what a text like 1 - 2*x^2 stands for when numbers, or polynomials, are put for its names.
 */
globalThis.DLC.part(function (DLC) {
  "use strict";
  const { require, spend, shorten } = DLC;
  const { ONE, number, quotient } = DLC.rational;
  const Q = DLC.rational;

  const FACTOR = "(?:[0-9]+(?:/[1-9][0-9]*)?|[a-z]+(?:\\^[1-9][0-9]?)?)";
  const TERM = `-?${FACTOR}(?:\\*${FACTOR})*`;
  const WHOLE_TEXT = new RegExp(`^${TERM}(?: [+-] ${TERM})*$`);

  /** The terms of a text, as {coefficient, powers: [[name, power], ...]} with a pair for each factor. */
  function terms(text) {
    const good = typeof text === "string" && WHOLE_TEXT.test(text);
    require(good, `${shorten(text)} is no polynomial; expected one like 1 - 2*x^2`);
    return text
      .replaceAll(" - ", " + -")
      .split(" + ")
      .map((term) => {
        const signs = /^-*/.exec(term)[0].length;
        const factors = term.slice(signs).split("*");
        const numbers = factors.filter((factor) => /^[0-9]/.test(factor)).map(read);
        const powers = factors
          .filter((factor) => /^[a-z]/.test(factor))
          .map((factor) => {
            const [name, exponent] = factor.split("^");
            return [name, Number(exponent ?? 1)];
          });
        const start = signs % 2 ? Q.negative(ONE) : ONE;
        return { coefficient: numbers.reduce(Q.times, start), powers };
      });
  }

  /** A number in a polynomial, which need not be in lowest terms. */
  function read(text) {
    const [top, bottom] = text.split("/");
    return quotient(BigInt(top), BigInt(bottom ?? 1));
  }

  /** A key for the product of two monomials. */
  function joined(one, other) {
    if (!one || !other) return one || other;
    const powers = new Map();
    for (const factor of `${one}*${other}`.split("*")) {
      const [name, exponent] = factor.split("^");
      powers.set(name, (powers.get(name) ?? 0) + Number(exponent ?? 1));
    }
    const names = [...powers.keys()].sort();
    return names.map((name) => (powers.get(name) > 1 ? `${name}^${powers.get(name)}` : name)).join("*");
  }

  const constant = (value) => new Map(Q.isZero(value) ? [] : [["", value]]);
  const variable = (name) => new Map([[name, ONE]]);

  function plus(p, q) {
    const found = new Map(p);
    for (const [key, value] of q) {
      const sum = found.has(key) ? Q.plus(found.get(key), value) : value;
      if (Q.isZero(sum)) found.delete(key);
      else found.set(key, sum);
    }
    return found;
  }

  function times(p, q) {
    const found = new Map();
    for (const [one, a] of p) {
      for (const [other, b] of q) {
        spend(20);
        const key = joined(one, other);
        const value = Q.times(a, b);
        found.set(key, found.has(key) ? Q.plus(found.get(key), value) : value);
      }
    }
    for (const [key, value] of found) if (Q.isZero(value)) found.delete(key);
    return found;
  }

  const negative = (p) => new Map([...p].map(([key, value]) => [key, Q.negative(value)]));
  const minus = (p, q) => plus(p, negative(q));
  const equal = (p, q) => minus(p, q).size === 0;

  /** The coefficient of a monomial, 0 where there is none. */
  const coefficient = (p, key) => p.get(key) ?? Q.ZERO;

  /** The names that occur. */
  const names = (p) => new Set([...p.keys()].flatMap((key) => (key ? key.split("*").map((f) => f.split("^")[0]) : [])));

  /** What can be added and multiplied, here polynomials: what a text is evaluated in. */
  const ring = { constant, plus, times };

  /** A value of a ring to a power. */
  function power(value, exponent, { constant: put, times: by }) {
    let found = put(ONE);
    for (let k = 0; k < exponent; k += 1) found = by(found, value);
    return found;
  }

  /** A text with values of a ring put for its names. @param {Map<string, any>} values */
  function evaluated(text, values, within = ring) {
    return terms(text).reduce((sum, { coefficient: first, powers }) => {
      const term = powers.reduce((found, [name, exponent]) => {
        require(values.has(name), `${shorten(text)} has the unknown name ${shorten(name)}`);
        for (let k = 0; k < exponent; k += 1) found = within.times(found, values.get(name));
        return found;
      }, within.constant(first));
      return within.plus(sum, term);
    }, within.constant(Q.ZERO));
  }

  /** A polynomial as a text. */
  function written(p) {
    if (!p.size) return "0";
    const parts = [...p].map(([key, value]) => (key ? `${value}*${key}`.replace(/^(-?)1\*/, "$1") : String(value)));
    return parts.join(" + ").replaceAll("+ -", "- ");
  }

  DLC.polynomial = {
    ...{ terms, constant, variable, plus, minus, times, negative, equal, coefficient, names, ring, power },
    ...{ evaluated, written, number },
  };
});
