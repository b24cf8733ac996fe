// Command ${{ values.name }}: ${{ values.title }}.
package main

import (
	"log/slog"
	{%- if values.shape == 'http' %}
	"net/http"
	{%- else %}
	"context"

	"git.tidelane.example/libraries/go/kit"
	{%- endif %}
)

func main() {
	slog.Info("starting", "service", "${{ values.name }}")
	{%- if values.shape == 'http' %}
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	if err := http.ListenAndServe(":8080", nil); err != nil {
		slog.Error("stopped", "error", err)
	}
	{%- else %}
	{%- for topic in values.topics %}
	go kit.Consumer("${{ topic }}", kit.Group("${{ values.name }}")).Run(context.Background(), handle)
	{%- endfor %}
	select {}
	{%- endif %}
}
{%- if values.shape == 'events' %}

func handle(_ context.Context, event kit.Event) error {
	slog.Info("event", "name", event.Name)
	return nil
}
{%- endif %}
