const key = 'amitable-theme';
const names = ['system', 'light', 'dark'] as const;
type Theme = (typeof names)[number];

const labels: Readonly<Record<Theme, string>> = {
  system: 'Colours: as the system has them',
  light: 'Colours: light',
  dark: 'Colours: dark',
};

/** Light, dark, or as the system has it; remembered by the browser. */
export function createTheme(button: HTMLButtonElement, onChange: () => void): void {
  let theme: Theme = names.find((name) => name === localStorage.getItem(key)) ?? 'system';
  const apply = (): void => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.setAttribute('aria-label', labels[theme]);
    button.title = labels[theme];
    onChange();
  };
  button.addEventListener('click', () => {
    theme = names[(names.indexOf(theme) + 1) % names.length]!;
    localStorage.setItem(key, theme);
    apply();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  apply();
}
