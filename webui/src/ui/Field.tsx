import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { t } from '../i18n';
import { IconButton } from './Button';
import { Icon } from './Icon';

interface FieldProps {
  label: string;
  help?: string | undefined;
  error?: string | undefined;
  /** An id of its own, when something else on the page leads to it. */
  id?: string | undefined;
  children(ids: { id: string; describedBy: string | undefined; invalid: boolean }): ComponentChildren;
}

/** Label above, help below, error below with an icon; all of it tied to the control. */
export function Field({ label, help, error, id: wanted, children }: FieldProps) {
  const made = useId();
  const id = wanted ?? made;
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, describedBy: described || undefined, invalid: error !== undefined })}
      {help && <p class="help" id={`${id}-help`}>{help}</p>}
      {error && (
        <p class="error" id={`${id}-error`}>
          <Icon name="circle-alert" />
          {error}
        </p>
      )}
    </div>
  );
}

/** Attributes of a text input that fields hand on. */
interface Attributes {
  autocomplete?: string;
  autocapitalize?: string;
  autofocus?: boolean;
  disabled?: boolean;
  maxLength?: number;
  required?: boolean;
  spellcheck?: boolean;
}

export interface TextFieldProps extends Attributes {
  type?: 'text' | 'search';
  class?: string;
  /** An id of its own, when something else on the page leads to it. */
  id?: string;
  label: string;
  value: string;
  onValue(value: string): void;
  help?: string | undefined;
  error?: string | undefined;
}

export function TextField({ label, value, onValue, help, error, class: extra = '', type = 'text', id: wanted, ...rest }: TextFieldProps) {
  return (
    <Field label={label} help={help} error={error} id={wanted}>
      {({ id, describedBy, invalid }) => (
        <input
          {...(rest as object)}
          type={type as 'text'}
          id={id}
          class={`input ${extra}`}
          value={value}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A password with a way to look at it and, for a new one, how long it is. */
export function PasswordField({ isNew = false, ...props }: TextFieldProps & { isNew?: boolean }) {
  const [shown, setShown] = useState(false);
  const { label, value, onValue, help, error, class: _, type: __, ...rest } = props;
  const share = Math.min(1, value.length / 16);
  return (
    <Field label={label} help={help} error={error}>
      {({ id, describedBy, invalid }) => (
        <>
          <div class="input-row">
            <input
              {...(rest as object)}
              id={id}
              class="input"
              type={(shown ? 'text' : 'password') as 'text'}
              autocomplete={isNew ? 'new-password' : 'current-password'}
              value={value}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              onInput={(event) => onValue(event.currentTarget.value)}
            />
            <IconButton
              icon={shown ? 'eye-off' : 'eye'}
              label={shown ? t.value.ui.hidePassword : t.value.ui.showPassword}
              onClick={() => setShown(!shown)}
            />
          </div>
          {isNew && (
            <div class={`meter ${value.length >= 10 ? 'good' : ''}`} aria-hidden="true">
              <span ref={(bar) => { if (bar) bar.style.width = `${share * 100}%`; }} />
            </div>
          )}
        </>
      )}
    </Field>
  );
}

interface SelectFieldProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onValue(value: T): void;
  help?: string;
}

export function SelectField<T extends string>({ label, value, options, onValue, help }: SelectFieldProps<T>) {
  return (
    <Field label={label} help={help}>
      {({ id, describedBy }) => (
        <select class="input" id={id} aria-describedby={describedBy} value={value} onChange={(event) => onValue(event.currentTarget.value as T)}>
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>{option.label}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ChoiceProps {
  type: 'radio' | 'checkbox' | 'switch';
  label: string;
  help?: string | undefined;
  checked: boolean;
  name?: string;
  disabled?: boolean;
  onChecked(checked: boolean): void;
}

export function Choice({ type, label, help, checked, name, disabled = false, onChecked }: ChoiceProps) {
  const id = useId();
  return (
    <label class="choice">
      <input
        type={(type === 'radio' ? 'radio' : 'checkbox') as 'checkbox'}
        {...(type === 'switch' ? { role: 'switch' as const } : {})}
        {...(name === undefined ? {} : { name })}
        checked={checked}
        disabled={disabled}
        aria-labelledby={`${id}-label`}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => onChecked(event.currentTarget.checked)}
      />
      <span>
        <span id={`${id}-label`}>{label}</span>
        {help && <span class="help" id={`${id}-help`}>{help}</span>}
      </span>
    </label>
  );
}

export function ErrorLine({ text }: { text: string | null | undefined }) {
  return (
    <div role="alert">
      {text && (
        <p class="error-line">
          <Icon name="circle-alert" />
          {text}
        </p>
      )}
    </div>
  );
}
