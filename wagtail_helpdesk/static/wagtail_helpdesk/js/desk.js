/* The agents' screens: three small controllers. Without them everything still works,
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

  app.register('helpdesk-number', NumberController);
  app.register('helpdesk-dialog', DialogController);
  app.register('helpdesk-resolving', ResolvingController);
})();
