import { useRef, useState } from 'preact/hooks';

interface Props {
  label: string;
  /** The id of the column whose width it is. */
  controls: string;
  /** Where that column is, as seen from the splitter. */
  column: 'before' | 'after';
  value: number;
  min: number;
  max: number;
  standard: number;
  onValue(value: number): void;
}

/** Pixels for a press of an arrow key. */
const STEP = 16;

/** Moves the edge between two columns: by pointer or arrows, to the ends with Home and End, back with a double click. */
export function Splitter({ label, controls, column, value, min, max, standard, onValue }: Props) {
  const [dragging, setDragging] = useState(false);
  const from = useRef({ x: 0, value: 0 });
  const sign = column === 'before' ? 1 : -1;
  const key = (event: KeyboardEvent) => {
    const to = { ArrowRight: value + sign * STEP, ArrowLeft: value - sign * STEP, Home: min, End: max }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onValue(to);
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    // Nothing is selected on the way, and what is pressed has the focus all the same.
    event.preventDefault();
    const element = event.currentTarget as HTMLElement;
    element.focus();
    element.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, value };
    setDragging(true);
  };
  const move = (event: PointerEvent) => {
    if (dragging) onValue(from.current.value + sign * (event.clientX - from.current.x));
  };
  const end = () => setDragging(false);
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-controls={controls}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      class={`splitter ${column} ${dragging ? 'dragging' : ''}`}
      onKeyDown={key}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
      onLostPointerCapture={end}
      onDblClick={() => onValue(standard)}
    />
  );
}
