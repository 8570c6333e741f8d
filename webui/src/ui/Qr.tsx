import { encode } from 'uqr';

/** A QR code as squares; the text stands below it for who can't scan. */
export default function Qr({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text);
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <path d={squares.join('')} fill="currentColor" />
    </svg>
  );
}
