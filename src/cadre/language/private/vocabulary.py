"""Words that a capital does not make a name: the trade's products and terms, the calendar, places, and common English.

`TRADE` words are never taken for a person. `COMMON` words are taken for one only where the setting says so, as some of
them (Will, Mark, Grace) are names as well. All lower-case, without diacritics.
"""

TRADE = frozenset(
    """conn fyi microsoft windows office outlook exchange teams sharepoint onedrive azure intune entra defender sentinel copilot excel word
    powerpoint onenote visio access publisher edge internet explorer bing skype lync yammer viva planner power automate bi apps
    dynamics hyper-v hyper v sql server active directory group policy powershell visual studio code xbox surface autopilot bitlocker
    cortana store update updates wsus sccm google chrome workspace gmail drive docs sheets meet calendar android firebase youtube
    apple mac macos macbook iphone ipad ios safari icloud imac airpods airdrop keychain adobe acrobat reader photoshop illustrator
    creative cloud indesign premiere dell latitude optiplex precision poweredge inspiron xps vostro idrac lenovo thinkpad thinkcentre
    ideapad hp hpe elitebook probook prodesk laserjet officejet proliant ilo aruba asus acer toshiba samsung lg sony canon brother
    epson ricoh xerox konica minolta kyocera sharp zebra dymo logitech jabra poly polycom yealink cisco meraki catalyst webex
    umbrella anyconnect duo fortinet fortigate fortios forticlient fortimanager sonicwall sophos central palo alto panorama
    watchguard firebox ubiquiti unifi edgerouter mikrotik netgear tp-link d-link juniper mist ruckus draytek pfsense opnsense
    barracuda mimecast proofpoint trend micro bitdefender eset kaspersky mcafee norton symantec malwarebytes webroot crowdstrike
    falcon sentinelone huntress carbon cylance veeam datto acronis commvault veritas arcserve backupify synology diskstation qnap
    netapp nutanix vmware vsphere vcenter esxi horizon citrix xenapp parallels virtualbox docker kubernetes linux ubuntu debian
    centos redhat red hat fedora suse rocky alma raspberry apache nginx tomcat iis mysql postgres postgresql mongodb redis oracle
    mariadb java python node ruby php perl golang rust swift kotlin javascript typescript react angular vue django flask aws amazon
    lambda route cloudfront cloudflare godaddy namecheap digitalocean linode heroku github gitlab bitbucket jira confluence trello
    asana slack zoom teamviewer anydesk logmein splashtop screenconnect connectwise autotask kaseya ninja ninjaone atera n-able
    syncro halo halopsa itglue glue hudu passportal keeper lastpass bitwarden dashlane okta onelogin jumpcloud salesforce hubspot
    zendesk freshdesk servicenow quickbooks xero sage intuit stripe paypal square dropbox box egnyte docusign vpn ransomware trojan
    malware phishing spam firewall switch router gateway modem access-point printer scanner monitor keyboard mouse laptop desktop
    tablet phone server servers workstation docking station headset webcam ups battery bios uefi tpm raid ssd hdd ram cpu gpu nic
    lan wan vlan dns dhcp ssl tls ssh rdp ftp sftp smb nfs http https tcp udp ip ipv mfa sso saml oauth ldap radius kerberos ntlm
    api sla rma rmm psa msp noc soc helpdesk service desk support it hr ceo cfo cto coo cio qa dev ops devops admin administrator
    administration network operations operation security systems system engineer engineering technician manager director team
    department finance accounting accounts payroll sales marketing legal reception warehouse production bank business premium
    standard basic enterprise professional pro home essentials starter plus ultimate edition version release build patch kb
    monday tuesday wednesday thursday friday saturday sunday january february july september october
    november december feb apr jul aug sep sept oct nov dec mon tue wed thu fri sat sun today tomorrow yesterday
    christmas easter thanksgiving english french german spanish italian dutch polish american british european london paris berlin
    york dublin sydney melbourne toronto chicago boston denver austin dallas houston seattle france germany spain italy ireland
    scotland wales england britain uk usa us eu canada australia zealand india china japan europe asia africa america north south
    east west central northern southern eastern western pacific atlantic virtual machine remote conditional policy certificate
    error errors warning info debug fatal critical event id status ticket tickets case change request incident problem priority
    tier level phase step stage task project invoice order quote purchase subject re fw fwd cc bcc dear hi hello hey regards
    thanks thank cheers sincerely best kind warm many hola bonjour hallo ciao guten tag herr frau mr mrs ms miss dr prof madame
    monsieur sir madam merci danke gracias saludos cordialement grazie obrigado ltd llc inc gmbh plc corp pty bv ag llp latest advisory board
    recovery vss ntp snmp msi exe dll pst ost csv pdf docx xlsx iso usb hdmi displayport bluetooth wifi wi-fi ethernet fibre fiber
    sync screen connect scan jam tray paper toner drum patchpanel rack cabinet room floor reception all everyone everybody folks
    guys both someone anyone nobody person people user users client clients customer customers vendor vendors colleague colleagues
    colleague guest owner ok okay yes no eta asap fyi tbd tbc na psu cu os pc pcs av edr xdr mdr dlp dr bcdr bdr nas san dc ad gpo
    ou cn sid guid uuid url uri json xml yaml html css ftp smtp imap pop owa ecp mx spf dkim dmarc spf pki ca tokens token password
    passwords passcode login logon sign single multi factor authentication authenticator authorization bearer basic digest cache
    storage folder folders file files drive drives disk volume partition snapshot replica cluster node pool queue spooler job jobs
    mailbox mailboxes distribution shared calendar contact contacts office365 m365 o365 tenant subscription license licence
    licenses licences warranty serial asset tag model replacement memtest chkdsk sfc dism robocopy telnet ping tracert nslookup
    ipconfig netstat putty wireshark notepad explorer taskbar start menu settings control panel registry editor manager viewer
    firefox opera brave vivaldi thunderbird libreoffice openoffice vlc winrar winzip java flash silverlight .net framework runtime
    redistributable directx hotfix rollup cumulative feature preview insider canary stable beta alpha hostname api-key dkim
    rhel vm vms hv hyperv aad adfs avd wvd fslogix kql spo exo eop atp mde mdm mam dem byod cmmc soc2 hipaa gdpr pci iso nist
    cyber insurance compliance audit site sites onsite offsite premises cloud hybrid migration cutover rollout deployment host
    profile profiles account bitlocker filevault gatekeeper timemachine time machine dhcp scope lease subnet mask tunnel ipsec
    openvpn wireguard zerotier tailscale nordvpn expressvpn slackbot bot agent console dashboard portal report reports console
    adf s3 ec2 rds vpc iam cli gui ui ux crm erp sap netsuite navision gp sage50 act maximizer dentrix eaglesoft clio lexis
    patient chart epic cerner athena eclinicalworks nextgen kronos adp gusto paychex bamboohr workday hyperlink attachment
    callback voicemail cell mobile tel fax office direct ext extension email mail address street road avenue drive lane suite
    unit apt po box dob ssn iban swift bic card visa mastercard amex discover debit credit windows10 windows11""".split()  # noqa: SIM905
)

COMMON = frozenset(
    """a about jan mar jun august above across act add added after afternoon again against age ago agree ahead air alert alerts align allow allowed almost alone along
    already also always am amber an and angel announcement another any anything apart app apparently appears apply approve approved april are area
    around art as ash ask asked asking assign assigned assume at attach attached attempt aware away baby back backup bad bar base based
    battery bay be bear beat because been before began begin behind being believe below besides better between big bill bird bit black
    block blocked blocks blue body bold booked boot booted bought brand break bring broken brought brown brush buck bug build built burns business busy but
    button buy by call called calling came can cancel cannot car care carry case cash cat catch cause caused chance change changed charge
    charity chase chat cheap check checked checking chief child chip choice christian city clean clear cleared clearing click close closed closing cloud coast code cold
    cole collected come coming comment common company complete completed confirm confirmed connected connecting consider contact content continue control
    cool copied copy corner correct cost could count course cover create created cross crystal current currently customer customers cut daily daisy dash data
    date dawn day days deal dean dear deep default delay delayed delete deleted deliver delivered deploy deployed destiny detail details device devices did different direct
    disable disabled do doc document documented does doing done door doubt down download drew drive drop due during each earl early earth easy eat eden edit either
    else em emerald empty enable enabled end ended enough enter escalate escalated even event ever every everything exact except expect expected expired export exported
    extra eye face fact fail failed failing fails fair faith fall false far fast fault feel felt few field figure fill final finally find fine
    finish finished fire first fix fixed fixing flag flat flora folder follow following follows for force forest forget form forward forwarded found fox frank free
    freed fresh from front full further game gave gay gene general genesis get getting ghost give given gives glad go goes going gold gone good
    got grace grant granted gray great green grey ground group grove guess guide guy had half hand hang happen happened happens happy harbor hard has have having haven
    hazel he head hear heard heather heavy held help helped helps her here heritage hi high hill him his history hit hold holly home honor hope
    hopefully host hot hour hours house how however huge hunter i ice idea if immediately important in include including increase increased indeed info information initially input
    inside install installed installing instance instead into investigate investigated investigating is issue issues it item its itself ivory ivy jade jasmine jasper jewel job joint joy judge july june
    just justice keep keeps kept key kill kind king kit knew know known lacks lake lance land language large last late later latest launch laurel law lead leaf learn least
    leave leaver leaves led left legacy less let level liberty life light like likely lily line link list listed little live load local location lock locked lodge log logged logging
    logs long look looked looking looks loop lost lot loud love low lower luck lucky mac machine made mail main maintenance major make makes making man manual many marble march mark marked
    mason match matter max may maybe me mean means meantime med meeting melody memory mercy merged message met might mike mild miles mill mind mine minor minute miss missed missing mobile mode moment money monitoring month
    more morning most mostly mount mountain mouse move moved moving much must my myself name named near nearly need needed needs network never new news next nick night no noble
    none noon nor normal not note noted notes nothing notice noticed now number object obvious occurred of off offer offline often oh ok old olive on once one ones ongoing online only onto open opened opening
    opens option or orange order ordered original other our out outage over own page paid panel pardon paris park part parts pass passed password past patched patience pause pay pearl
    pending penny per percent perhaps period permission permissions phone pick picture piece pin pine place plain plan planned play please plugged plus point policy poor poppy port possible post
    power powered prefer present press previous price prince print printed printing prior probably problem process profile progress promise proper provide provided pull pulled purchased pushed put queen question quick quickly
    quiet quite quote rain raised ran random rather ray re reach read reading ready real reason rebooted reboot rebooting received recent recently recommend recommended record red reed regarding region related remember remind reminder remote remove removed
    removing rename renewed renewal reopen reopened repair repaired replace replaced replacement replied reply report reported requested require required requires requested reseated reset resetting resolved resolve response rest restart restarted restarting restore restored result results resume
    return returned review reviewed rich ride right ring river road rob robin rock roger role roll rolled room root rose rough round row royal ruby rule rules run running runs rusty sad safe sage said same
    sandy sat save saved saw say saying says scan scanned schedule scheduled screen season seat second secret section see seem seemed seems seen self send sending sent separate serial serve service set
    setting setup seven several shall share shared she shift ship shipped short should show showed showing shows shut side sign signed silver similar simple simply since single sir sister size skip sky slow
    small smart snow so soft software soon some something sometimes song soon sorry sort sound spare speak special speed spoke spring stable staff stand star start started starting starts state
    status stay step sterling still stone stop stopped stopping storm story straight strange stress strong stuck subject such suggest suite summer sunny sure swap swapped sweet switched system tab take taken takes taking talk
    talked team tell temp ten test tested testing text than thanks that the their them then there these they thing things think third this those though thought three through thus tie till time
    times title to today told too took tool top total touch toward trace track transfer tree tried trigger triggered trinity true trust try trying turn turned two type unable under undo unfortunately
    unit unless unlocked unplugged until up updated updating upgrade upgraded uploaded upon urgent us usage use used user uses using usual usually value van verified verify version very via victor view violet visit wait waiting wall want wanted wants
    war warm was watch water way we weather web week weekend weekly weeks well went were west what whatever when whenever where whether which while whilst white who whole why wild will willow win wind winter
    wired wish with within without wolf won wonder wood word work worked working works world worth would wound write wrong wrote yeah year yes yesterday yet you young your zero zone daily overnight resolved overall ideally basically actually
    anyway anyhow btw per side sales rooms screens users printers laptops desktops emails calls tickets staff onboarding offboarding starter leavers starters office parent portal rebuild vendor rep quarterly monthly annual annually plan budget renew expires
    expiry expiring export import imported moved migrated migrating merging monitored moves reseat resync resynced ran rang reached repro reimage reimaged retry retried rolled routed routing scoped sees sets sits slots sorted sits speaks spike spikes
    spun stayed stuff syncs synced tag tagged takes tests throws tidy times tweaked unpaired upload walked warned watched wipes wiped wipe works wrapped zip zipped monitor thread threads toggled topic trial tuned two-factor cannot don't doesn't didn't can't won't isn't
    wasn't couldn't shouldn't i'm i've i'll we're we've we'll you're it's that's there's let's what's who's he's she's they're hasn't haven't aren't weren't wouldn't dunno gonna wanna nope yep yup sure gotcha np ta thx cheers kinda hmm ah oh wow lol haha
    der die das ein eine und ist nicht mit von fur auf bitte ich wir sie el la los las un una es en que de con por para no se le les des est pas dans avec pour sur je nous vous il lo gli che per non di da del della het een niet van voor met op
    passwort drucker servidor poste mot mate mates gents lads ladies buddy dude pal chap sunshine friend friends heaps tons bunch man bro gang fellas peeps support desk hun love""".split()  # noqa: SIM905
)
