/* The agents' screens: some small controllers. Without them everything still works,
   by the addresses and forms that are in the page anyway. */

(() => {
  const { app } = window.wagtail;
  const { Controller } = window.StimulusModule;

  /* Enter in the search box goes straight to the ticket of that number. */
  class NumberController extends Controller {
    static values = { url: String };

    go(event) {
      const field = event.target;
      if (event.key !== 'Enter' || !(field instanceof HTMLInputElement)) return;
      if (!field.closest('[data-search-form]')) return;
      const match = field.value.trim().match(/^#?(\d{1,10})$/);
      if (!match) return;
      event.preventDefault();
      window.location.assign(`${this.urlValue}?q=${match[1]}`);
    }
  }

  /* A verb's form opens in a dialog instead of on a page of its own. */
  class DialogController extends Controller {
    static values = { id: String };

    open() {
      const dialog = document.getElementById(this.idValue);
      if (dialog) {
        dialog.showModal();
        dialog.querySelector('textarea, select, input:not([type=hidden])')?.focus();
      } else {
        this.element.submit();
      }
    }
  }

  /* Resolution notes are asked for only if the next status resolves the ticket. */
  class ResolvingController extends Controller {
    static targets = ['notes'];
    static values = { statuses: Array };

    connect() {
      this.show();
    }

    show() {
      const chosen = this.element.elements.status?.value;
      this.notesTarget.hidden = !this.statusesValue.includes(chosen);
    }
  }

  /* What came back with an error takes the focus, however far down it stands. */
  class ErrorsController extends Controller {
    connect() {
      const wrong = this.element.querySelector('.helpdesk-errors, [aria-invalid="true"]');
      if (!wrong) return;
      // After the tabs, which hide all panels for a moment.
      requestAnimationFrame(() => {
        wrong.focus({ preventScroll: true });
        wrong.scrollIntoView({ block: 'center' });
      });
    }
  }

  /* "Reply" puts the cursor where one writes. */
  class WriteController extends Controller {
    focus(event) {
      const composer = document.querySelector(this.element.hash);
      const field = composer?.querySelector('[role=tabpanel]:not([hidden]) textarea');
      if (!field) return;
      event.preventDefault();
      composer.scrollIntoView();
      field.focus({ preventScroll: true });
    }
  }

  /* The small form beside a fact closes like a menu. */
  class ChangeController extends Controller {
    focus() {
      if (this.element.open) this.element.querySelector('select')?.focus();
    }

    close() {
      if (!this.element.open) return;
      this.element.open = false;
      this.element.querySelector('summary').focus();
    }

    closeOutside(event) {
      if (!this.element.contains(event.target)) this.element.open = false;
    }
  }

  app.register('helpdesk-number', NumberController);
  app.register('helpdesk-dialog', DialogController);
  app.register('helpdesk-resolving', ResolvingController);
  app.register('helpdesk-errors', ErrorsController);
  app.register('helpdesk-write', WriteController);
  app.register('helpdesk-change', ChangeController);
})();
