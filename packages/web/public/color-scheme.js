// Before the first paint: a file of its own, because the content security policy allows no inline script.
(function () {
  var choice = 'auto';
  try {
    choice = localStorage.getItem('callboard.color-scheme') || 'auto';
  } catch {
    // Storage may be switched off: the system's choice is right then.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
