import type { ComponentChildren } from "preact";

/** What is invisible, turns the direction of what follows, or looks like a space and is none. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;
const MARK = /\p{M}/u;
/** More marks on one letter than any language has, which would cover the lines above and below. */
const MOST_MARKS = 3;
const SHORT: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0" };

/** A stretch of text, or the name of a character that must not be drawn. */
type Piece = { text: string; hidden: boolean };

function codeOf(character: string): string {
  return "U+" + character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
}

/**
 * @param max characters as they are shown, so that a name of hidden ones gets no more room than another
 * @param drawn characters that are drawn although they are control characters
 */
function piecesOf(value: string, max: number, drawn: string): { pieces: Piece[]; cut: boolean } {
  const pieces: Piece[] = [];
  let run = "";
  let marks = 0;
  let taken = 0;
  const flush = () => {
    if (run !== "") {
      pieces.push({ text: run, hidden: false });
      run = "";
    }
  };
  for (const character of value) {
    if (taken >= max) {
      flush();
      return { pieces, cut: true };
    }
    marks = MARK.test(character) ? marks + 1 : 0;
    if ((HIDDEN.test(character) && !drawn.includes(character)) || marks > MOST_MARKS) {
      flush();
      const text = SHORT[character] ?? codeOf(character);
      pieces.push({ text, hidden: true });
      taken += text.length + 2;
    } else {
      run += character;
      taken++;
    }
  }
  flush();
  return { pieces, cut: false };
}

function lengthOf(value: string): number {
  let length = 0;
  for (const _ of value) {
    length++;
  }
  return length;
}

/**
 * Text that a client chose, where only plain text can stand: titles of the window, tool tips, drawings. Characters that must not be drawn
 * are named, and the whole is isolated so that its direction is its own.
 */
export function plain(value: string, max = 160): string {
  const { pieces, cut } = piecesOf(value, max, "");
  const text = pieces.map((piece) => (piece.hidden ? `‹${piece.text}›` : piece.text)).join("");
  return `\u2068${text}${cut ? "…" : ""}\u2069`;
}

function drawn(pieces: Piece[]): ComponentChildren[] {
  return pieces.map((piece, at) =>
    piece.hidden ? (
      <span key={at} class="hidden-character">
        {piece.text}
      </span>
    ) : (
      piece.text
    ),
  );
}

interface Props {
  value: string;
  /** Characters that are shown; the tool tip has more. */
  max?: number;
}

/** A name, key or value that a client chose. Nothing of it is markup, hides, or reaches beyond its place. */
export function Text({ value, max = 120 }: Props) {
  if (value === "") {
    return <span class="faint">empty</span>;
  }
  const { pieces, cut } = piecesOf(value, max, "");
  return (
    <bdi title={cut ? plain(value, 1_000) : undefined}>
      {drawn(pieces)}
      {cut && <span class="faint">… ({lengthOf(value)} characters)</span>}
    </bdi>
  );
}

/** A body: as `Text`, with its lines. */
export function Payload({ value, max }: Props & { max: number }) {
  const { pieces, cut } = piecesOf(value, max, "\n\t");
  return (
    <pre class="payload" tabIndex={0} dir="auto">
      {drawn(pieces)}
      {cut && "…"}
    </pre>
  );
}

/** A value of a table of arguments, headers or properties. */
export function Value({ value }: { value: unknown }) {
  if (value === null) {
    return <span class="faint">void</span>;
  }
  return typeof value === "string" ? <Text value={value} max={400} /> : <Text value={JSON.stringify(value)} max={1_000} />;
}

/** Names and values, one below the other. */
export function FieldTable({ fields }: { fields: Record<string, unknown> }) {
  return (
    <table class="fields">
      <tbody>
        {Object.entries(fields).map(([key, value]) => (
          <tr key={key}>
            <th scope="row">
              <Text value={key} />
            </th>
            <td>
              <Value value={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
