using System.Collections.Immutable;
using Azure.Core;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Letters.Settings;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Xunit;

namespace Distribution.Tests.Letters.Settings;

/// <summary>How long images of the desk's settings are kept, and what was taken out of it.</summary>
public sealed class SettingImagesTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_that_no_entry_names_goes_after_a_day_and_none_goes_where_an_entry_cannot_be_read()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        // Storage has the time of this machine.
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        var images = new SettingImages(workflow.Get<StorageAccount>(), clock);
        var settings = workflow.Get<DeskSettings>();
        var (unsaved, named, former) = (await images.Put("1"u8.ToArray(), Cancellation), await images.Put("2"u8.ToArray(), Cancellation), await images.Put("3"u8.ToArray(), Cancellation));
        await Change(settings, "office", former, Setting.NoVersion);
        await Change(settings, "office", named, (await settings.Find(SettingMatters.Letterheads, "office", Cancellation))!.Version);

        await images.RemoveUnused(settings, Cancellation);
        Assert.NotNull(await images.Read(unsaved, Cancellation));
        clock.Advance(TimeSpan.FromDays(2));
        var table = workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.SettingsTable);
        await table.AddEntityAsync(new TableEntity("letterheads", "damaged") { ["Facts0"] = "{" }, Cancellation);
        await images.RemoveUnused(settings, Cancellation);
        Assert.NotNull(await images.Read(unsaved, Cancellation));

        await table.DeleteEntityAsync("letterheads", "damaged", cancellationToken: Cancellation);
        // It is put to use while what nobody uses is removed.
        await using (
            var meanwhile = workflow.OverStorage(
                new Meanwhile(unsaved, () => images.Keep(unsaved, Cancellation), RequestMethod.Delete)))
            await new SettingImages(meanwhile.Get<StorageAccount>(), clock).RemoveUnused(settings, Cancellation);
        Assert.NotNull(await images.Read(unsaved, Cancellation));
        await images.RemoveUnused(settings, Cancellation);
        Assert.Null(await images.Read(unsaved, Cancellation));
        Assert.NotNull(await images.Read(named, Cancellation));
        Assert.NotNull(await images.Read(former, Cancellation));
    }

    [Fact]
    public async Task What_was_taken_out_long_ago_is_erased_with_its_history()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var settings = workflow.Get<DeskSettings>();
        await Change(settings, "office", "", Setting.NoVersion);
        await Change(settings, "other", "", Setting.NoVersion);
        await settings.Change(
            SettingMatters.Letterheads, "office", null, (await settings.Find(SettingMatters.Letterheads, "office", Cancellation))!.Version, new("amélie", "amélie"), "closed", Cancellation);

        await settings.Clear(workflow.Clock.GetUtcNow(), Cancellation);
        Assert.Equal(2, (await settings.WithTakenOut(SettingMatters.Letterheads, Cancellation)).Count);
        await settings.Clear(workflow.Clock.GetUtcNow().AddSeconds(1), Cancellation);
        Assert.Equal(["other"], (await settings.WithTakenOut(SettingMatters.Letterheads, Cancellation)).Select(entry => entry.Id));
    }

    private static Task Change(DeskSettings settings, string id, string sha256, string version) =>
        settings.Change(
            SettingMatters.Letterheads,
            id,
            ImmutableDictionary<string, string>.Empty.Add("letterhead.en", "Office").Add("emblem", "arms.svg").Add("emblem.sha256", sha256),
            version,
            new("amélie", "amélie"),
            "",
            Cancellation);
}
